/** No late answer takes the place of a newer one. Pure. */

/** Of several questions only the last one's answer counts, however late an earlier one comes. */
export class Newest {
  #asked = 0;

  /** Begin a question; the answer tells whether it is still the newest. */
  ask(): () => boolean {
    this.#asked += 1;
    const mine = this.#asked;
    return () => mine === this.#asked;
  }
}

/** One thing that is read again and again: each answer counts until one that was asked for later has come. */
export class Readings {
  #asked = 0;
  #heard = 0;
  #out = 0;

  /** Whether an answer is still awaited. */
  get out(): boolean {
    return this.#out > 0;
  }

  /** Read once more; `take` hears the answer and `failed` why there is none. */
  async read<T>(ask: () => Promise<T>, take: (answer: T) => void, failed: (problem: Error) => void = () => undefined): Promise<void> {
    this.#asked += 1;
    this.#out += 1;
    const mine = this.#asked;
    try {
      const answer = await ask();
      if (mine < this.#heard) return;
      this.#heard = mine;
      take(answer);
    } catch (problem) {
      if (mine >= this.#heard) failed(problem as Error);
    } finally {
      this.#out -= 1;
    }
  }
}
