/**
 * Taps on their way to the server. None is dropped while the page is open: each keeps its key and its device
 * time and is sent again until the server answers; what the server refuses stays visible for a person.
 */

import { command, newKey, Problem } from '$shared/api';
import { clock } from '$shared/clock.svelte';

export interface Tap {
  key: string;
  words: string;
  path: string;
  body: Record<string, unknown>;
  at: string;
  state: 'waiting' | 'sending' | 'refused';
  why: string;
}

const LONGEST_MS = 20_000;

class TapQueue {
  taps = $state<Tap[]>([]);
  told = $state('');
  /** Virtual milliseconds since when no tap gets through, or 0. */
  stuckSince = $state(0);
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sending = false;

  readonly waiting: number = $derived(this.taps.filter((tap) => tap.state !== 'refused').length);

  add(words: string, path: string, body: Record<string, unknown> = {}): string {
    const tap: Tap = { key: newKey(), words, path, body, at: clock.iso(), state: 'waiting', why: '' };
    this.taps.push(tap);
    void this.#run();
    return tap.key;
  }

  /** Take back a tap that has not left yet. Returns false when it is already gone or going. */
  takeBack(key: string): boolean {
    const tap = this.taps.find((one) => one.key === key);
    if (tap?.state !== 'waiting') return false;
    this.#drop(key);
    return true;
  }

  dismiss(key: string): void {
    this.#drop(key);
  }

  /** Try now: the link is back. */
  nudge(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#sending || this.#timer) return;
    const tap = this.taps.find((one) => one.state === 'waiting');
    if (!tap) return;
    this.#sending = true;
    tap.state = 'sending';
    try {
      const answer = await command(tap.path, tap.body, tap.key);
      this.told = answer.told;
      this.#good();
      this.#drop(tap.key);
    } catch (problem) {
      this.#failed(tap, problem);
    }
    this.#sending = false;
    void this.#run();
  }

  #good(): void {
    this.#tries = 0;
    this.stuckSince = 0;
  }

  #failed(tap: Tap, problem: unknown): void {
    if (problem instanceof Problem && !problem.retryable) {
      tap.state = 'refused';
      tap.why = problem.message;
      this.#good();
      return;
    }
    tap.state = 'waiting';
    this.#tries += 1;
    this.stuckSince ||= clock.reading();
    const pause = Math.min(LONGEST_MS, 500 * 2 ** Math.min(this.#tries, 6));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#run();
    }, pause);
  }

  #drop(key: string): void {
    this.taps = this.taps.filter((one) => one.key !== key);
  }
}

export const queue = new TapQueue();
