/** Of several questions only the last one's answer counts, however late an earlier one comes. Pure. */
export class Newest {
  #asked = 0;

  /** Begin a question; the answer tells whether it is still the newest. */
  ask(): () => boolean {
    this.#asked += 1;
    const mine = this.#asked;
    return () => mine === this.#asked;
  }
}
