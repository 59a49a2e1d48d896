/**
 * Taps on their way to the server. None is dropped: each keeps its key and its device time, waits on the device also
 * while the page is closed, and is sent again until the server answers; what it refuses stays visible for a person.
 */

import { SvelteSet } from 'svelte/reactivity';
import { command, newKey, Problem } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { isEmergency, lineOf, nextOf, RECORDS } from './lines';
import { Outbox } from './outbox';
import { type Opened, unlocked } from './seal';

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

/** A tap as far as it is remembered when the server has taken it: the path, and the person it was about, or 0. */
interface Sent {
  path: string;
  person: number;
}

const SIGNED_OUT = 401;
/** A tap is felt in a glove; a device that cannot shake does without. */
const TOUCH_MS = 20;
const LONGEST_MS = 20_000;
/** An emergency that has waited longer, while the page was closed, is told to its person and not sent. */
const EMERGENCY_FRESH_MS = 5 * 60_000;

class TapQueue {
  taps = $state<Tap[]>([]);
  told = $state('');
  /** Virtual milliseconds since when nothing answers a tap, or 0. Records do not count: a large one can be too slow alone. */
  stuckSince = $state(0);
  /** The outbox of this device could not be opened yet: what waits in it is not sent, and taps wait in the open page only. */
  unopened = $state(false);
  /** The keys of those that the device had no room for: they wait in the open page only. */
  readonly unkept = new SvelteSet<string>();
  /** How many taps of other people wait on this device. */
  others = $state(0);
  /** Whose taps these are, with the key that seals them; null until the server or the device has told. */
  opened = $state.raw<Opened | null>(null);
  /** What the server took from this page: what was read of it before does not tell of that yet. */
  #taken = $state.raw<Sent[]>([]);
  #outbox: Outbox<Tap> | null = null;
  #open = $state(false);
  #opening = false;
  #tries = 0;
  #reopen: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #heard = new Map<string, () => void>();

  /** Closing the page would lose nothing. */
  readonly kept: boolean = $derived(this.#open && !this.unkept.size);
  readonly waiting: number = $derived(this.taps.filter((tap) => tap.state !== 'refused').length);
  /** Those that were sent in vain and will be sent again. */
  readonly late: Tap[] = $derived(this.taps.filter((tap) => tap.state !== 'refused' && tap.tries > 0));

  onTheWay(path: string): boolean {
    return this.taps.some((tap) => tap.path === path && tap.state !== 'refused');
  }

  /** Whether something went out under this path, be it on the way or taken. */
  sent(path: string): boolean {
    return this.#out().some((one) => one.path === path);
  }

  /** The persons that this page wrote about under this path, be it on the way or taken. */
  personsUnder(path: string): number[] {
    return this.#out().flatMap((one) => (one.person && one.path.startsWith(path) ? [one.person] : []));
  }

  /**
   * Open the outbox of whoever is signed in: what was left in it goes on its way again. It is tried until it opens, and
   * not before the server's clock is known, by which an emergency is old or not.
   */
  async open(): Promise<void> {
    if (!clock.known || this.#outbox || this.#opening || this.#stopped) return;
    clearTimeout(this.#reopen);
    this.#opening = true;
    try {
      this.opened ??= await unlocked();
      const outbox = new Outbox<Tap>(this.opened);
      const { mine, others } = await outbox.read();
      const known = new Set(this.taps.map((tap) => tap.key));
      this.taps = [...mine.filter((tap) => !known.has(tap.key)).map(asLeft), ...this.taps];
      this.others = others;
      this.#outbox = outbox;
      [this.#open, this.unopened] = [true, false];
      for (const tap of this.taps) this.#keep(tap);
      this.nudge();
    } catch {
      this.unopened = true;
      this.#tries += 1;
      this.#reopen = setTimeout(() => void this.open(), pauseAfter(this.#tries));
    } finally {
      this.#opening = false;
    }
  }

  /** The session is over: whoever signs in next in this browser must not send these. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#reopen);
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Put a tap on its way and return its key; `taken` hears when the server has taken it. */
  add(words: string, path: string, body: Record<string, unknown> = {}, taken?: () => void): string {
    const tap: Tap = { key: newKey(), words, path, body, at: clock.iso(), state: 'waiting', why: '', tries: 0, again: 0 };
    this.taps.push(tap);
    navigator.vibrate?.(TOUCH_MS);
    if (taken) this.#heard.set(tap.key, taken);
    this.#keep(tap);
    const line = lineOf(path);
    // Whoever taps again is not kept waiting for the end of a pause; records have time.
    if (line === RECORDS) void this.#run(line);
    else this.#hurry(line);
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
    void this.open();
    for (const line of new Set(this.taps.map((tap) => lineOf(tap.path)))) this.#hurry(line);
  }

  /** Send what waits under this path now, whatever its pause. */
  urge(path: string): void {
    this.#hurry(lineOf(path));
  }

  #out(): Sent[] {
    return [...this.#taken, ...this.taps.filter((tap) => tap.state !== 'refused').map(sentOf)];
  }

  #hurry(line: string): void {
    for (const tap of this.taps) if (lineOf(tap.path) === line) tap.again = 0;
    void this.#run(line);
  }

  async #run(line: string): Promise<void> {
    clearTimeout(this.#timers.get(line));
    const tap = nextOf(this.taps, line);
    if (!tap || this.#stopped) return;
    const pause = tap.again - performance.now();
    if (pause > 0) {
      this.#timers.set(line, setTimeout(() => void this.#run(line), pause));
      return;
    }
    tap.state = 'sending';
    try {
      const answer = await command(tap.path, tap.body, tap.key, this.#outbox?.owner);
      this.told = answer.told;
      this.stuckSince = 0;
      this.#taken = [...this.#taken, sentOf(tap)];
      this.#heard.get(tap.key)?.();
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
    if (problem instanceof Problem && !problem.retryable && problem.status !== SIGNED_OUT) {
      tap.state = 'refused';
    } else {
      tap.state = 'waiting';
      tap.tries += 1;
      tap.again = performance.now() + pauseAfter(tap.tries);
    }
    this.#keep(tap);
  }

  #keep(tap: Tap): void {
    this.#outbox?.put($state.snapshot(tap)).then(
      () => this.unkept.delete(tap.key),
      () => this.taps.some((one) => one.key === tap.key) && this.unkept.add(tap.key),
    );
  }

  #drop(key: string): void {
    this.taps = this.taps.filter((one) => one.key !== key);
    this.#heard.delete(key);
    this.unkept.delete(key);
    void this.#outbox?.remove(key).catch(() => undefined);
  }
}

/** Milliseconds until the next try after so many in vain. */
function pauseAfter(tries: number): number {
  return Math.min(LONGEST_MS, 500 * 2 ** Math.min(tries, 6));
}

function sentOf(tap: Tap): Sent {
  return { path: tap.path, person: Number(tap.body.person ?? 0) };
}

/** A tap as a closed page left it. The server may have it: it is sent again under its key, and not taken back. */
function asLeft(tap: Tap): Tap {
  const left: Tap = { ...tap, again: 0, tries: Math.max(1, tap.tries), state: tap.state === 'refused' ? 'refused' : 'waiting' };
  const tooLate = left.state === 'waiting' && isEmergency(tap.path) && clock.reading() - Date.parse(tap.at) > EMERGENCY_FRESH_MS;
  return tooLate ? { ...left, state: 'refused', why: 'It waited while this page was closed. Raise it again if you still need it.' } : left;
}

export const queue = new TapQueue();
