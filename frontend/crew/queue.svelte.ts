/**
 * Taps on their way to the server. None is dropped while the page is open: each keeps its key and its device
 * time and is sent again until the server answers; what the server refuses stays visible for a person.
 */

import { command, newKey, Problem } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { lineOf, nextOf, RECORDS } from './lines';

export interface Tap {
  key: string;
  words: string;
  path: string;
  body: Record<string, unknown>;
  at: string;
  state: 'waiting' | 'sending' | 'refused';
  why: string;
  /** How often it was sent without being taken or refused. */
  tries: number;
  /** Not before this moment of `performance.now()` is it sent again. */
  again: number;
}

/** What somebody wants to hear of a tap: that the server has taken or refused it. */
export interface Heard {
  taken?: () => void;
  refused?: () => void;
}

const LONGEST_MS = 20_000;

class TapQueue {
  taps = $state<Tap[]>([]);
  told = $state('');
  /** Virtual milliseconds since when nothing answers a tap, or 0. Records do not count: a large one can be too slow alone. */
  stuckSince = $state(0);
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #heard = new Map<string, Heard>();

  readonly waiting: number = $derived(this.taps.filter((tap) => tap.state !== 'refused').length);
  /** Those that were sent in vain and will be sent again. */
  readonly late: Tap[] = $derived(this.taps.filter((tap) => tap.state !== 'refused' && tap.tries > 0));

  add(words: string, path: string, body: Record<string, unknown> = {}, heard: Heard = {}): string {
    const tap: Tap = { key: newKey(), words, path, body, at: clock.iso(), state: 'waiting', why: '', tries: 0, again: 0 };
    this.taps.push(tap);
    this.#heard.set(tap.key, heard);
    const line = lineOf(path);
    // Whoever taps again is not kept waiting for the end of a pause; records have time.
    if (line !== RECORDS) this.#hurry(line);
    void this.#run(line);
    return tap.key;
  }

  /** Take back a tap that has never left. Returns false when the server may have it. */
  takeBack(key: string): boolean {
    const tap = this.taps.find((one) => one.key === key);
    if (tap?.state !== 'waiting' || tap.tries) return false;
    this.#drop(key);
    return true;
  }

  dismiss(key: string): void {
    this.#drop(key);
  }

  /** Try now: the link is back. */
  nudge(): void {
    for (const line of new Set(this.taps.map((tap) => lineOf(tap.path)))) {
      this.#hurry(line);
      void this.#run(line);
    }
  }

  #hurry(line: string): void {
    for (const tap of this.taps) if (lineOf(tap.path) === line) tap.again = 0;
  }

  async #run(line: string): Promise<void> {
    clearTimeout(this.#timers.get(line));
    const tap = nextOf(this.taps, line);
    if (!tap) return;
    const pause = tap.again - performance.now();
    if (pause > 0) {
      this.#timers.set(line, setTimeout(() => void this.#run(line), pause));
      return;
    }
    tap.state = 'sending';
    try {
      const answer = await command(tap.path, tap.body, tap.key);
      this.told = answer.told;
      this.stuckSince = 0;
      this.#heard.get(tap.key)?.taken?.();
      this.#drop(tap.key);
    } catch (problem) {
      this.#failed(tap, line, problem);
    }
    void this.#run(line);
  }

  #failed(tap: Tap, line: string, problem: unknown): void {
    const answered = problem instanceof Problem && problem.status > 0;
    tap.why = problem instanceof Problem ? problem.message : '';
    if (answered) this.stuckSince = 0;
    else if (line !== RECORDS) this.stuckSince ||= clock.reading();
    if (problem instanceof Problem && !problem.retryable) {
      tap.state = 'refused';
      this.#heard.get(tap.key)?.refused?.();
      return;
    }
    tap.state = 'waiting';
    tap.tries += 1;
    tap.again = performance.now() + Math.min(LONGEST_MS, 500 * 2 ** Math.min(tap.tries, 6));
  }

  #drop(key: string): void {
    this.taps = this.taps.filter((one) => one.key !== key);
    this.#heard.delete(key);
  }
}

export const queue = new TapQueue();
