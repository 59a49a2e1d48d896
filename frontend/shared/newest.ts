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

/** Of one thing no more are asked for at a time: one that a dead link swallowed does not keep the next one waiting. */
const MOST_OUT = 2;

/** A reading that waits for its turn; whoever asked for it hears when it, or the one that took its place, is done. */
interface Turn {
  of: string;
  begin: () => Promise<void>;
  done: (() => void)[];
}

/** What is read again and again: each answer counts until one that was asked for later has come. */
export class Readings {
  #asked = 0;
  #heard = 0;
  #out: string[] = [];
  #next: Turn | null = null;

  /** Whether an answer is still awaited. */
  get out(): boolean {
    return this.#out.length > 0;
  }

  /**
   * Read `of` once more; `take` hears the answer and `failed` why there is none. When it changes faster than it can be
   * read, the last question alone waits for its turn: its answer tells of everything before it.
   */
  async read<T>(of: string, ask: () => Promise<T>, take: (answer: T) => void, failed: (problem: Error) => void = () => undefined): Promise<void> {
    const begin = (): Promise<void> => this.#begin(of, ask, take, failed);
    if (this.#out.filter((one) => one === of).length < MOST_OUT) return begin();
    const done = this.#next?.done ?? [];
    const told = new Promise<void>((resolve) => done.push(resolve));
    this.#next = { of, begin, done };
    return told;
  }

  async #begin<T>(of: string, ask: () => Promise<T>, take: (answer: T) => void, failed: (problem: Error) => void): Promise<void> {
    this.#asked += 1;
    this.#out.push(of);
    const mine = this.#asked;
    try {
      const answer = await ask();
      if (mine < this.#heard) return;
      this.#heard = mine;
      take(answer);
    } catch (problem) {
      if (mine >= this.#heard) failed(problem as Error);
    } finally {
      this.#out.splice(this.#out.indexOf(of), 1);
      const next = this.#next;
      if (next && this.#out.filter((one) => one === next.of).length < MOST_OUT) {
        this.#next = null;
        void next.begin().then(() => next.done.forEach((tell) => tell()));
      }
    }
  }
}
