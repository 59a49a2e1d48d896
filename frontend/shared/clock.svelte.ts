/** The server's clock. Screens never use the device's own time for an age. */

class Clock {
  /** Virtual now in milliseconds, moved once a second. */
  now = $state(Date.now());
  rate = $state(1);
  known = $state(false);

  #base = Date.now();
  #since = performance.now();
  #timer: ReturnType<typeof setInterval> | null = null;

  /** Take the server's `now` and `rate`; small corrections never turn the clock back. */
  set(nowIso: string, rate: number): void {
    const stated = Date.parse(nowIso);
    if (Number.isNaN(stated)) return;
    const expected = this.reading();
    const slip = stated - expected;
    const keep = this.known && rate === this.rate && slip < 0 && slip > -2000 * Math.max(1, rate);
    this.#base = keep ? expected : stated;
    this.#since = performance.now();
    this.rate = rate;
    this.known = true;
    this.now = this.#base;
    this.#start();
  }

  /** Virtual now at this very moment, in milliseconds. */
  reading(): number {
    return this.#base + (performance.now() - this.#since) * this.rate;
  }

  iso(): string {
    return new Date(this.reading()).toISOString();
  }

  #start(): void {
    this.#timer ??= setInterval(() => {
      this.now = this.reading();
    }, 1000);
  }
}

export const clock = new Clock();
