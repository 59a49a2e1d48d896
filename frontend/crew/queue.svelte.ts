/**
 * Taps on their way to the server. None is dropped: each keeps its key and its device time, waits on the device also
 * while the page is closed, and is sent again until the server answers; what it refuses stays visible for a person.
 */

import { SvelteSet } from 'svelte/reactivity';
import { command, commands, get, newKey, Problem } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { spread } from '$shared/spread';
import { versionsIn, type Bases, type Version } from '$shared/versions';
import { isRefusal, isTooOld, lineOf, nextOf, pauseAfter, RECORDS, together } from './lines';
import { Outbox } from './outbox';
import { type Opened, unlocked } from './seal';
import type { Told } from '$shared/types';

export interface Tap {
  key: string;
  words: string;
  path: string;
  body: Record<string, unknown>;
  at: string;
  state: 'waiting' | 'sending' | 'refused';
  why: string;
  /** Somebody else had changed the same thing: both versions, for a person to choose. */
  versions?: Version[];
  /** How often it was sent without being taken or refused. */
  tries: number;
  /** Not before this moment of `performance.now()` is it sent again. */
  again: number;
  /** Read from the device: another page may have sent it since. */
  adopted?: boolean;
}

/** A tap as far as it is remembered when the server has taken it: the path, and the person it was about, or 0. */
interface Sent {
  key: string;
  path: string;
  person: number;
}

/** A tap is felt in a glove; a device that cannot shake does without. */
const TOUCH_MS = 20;
/** So many keys are asked for at once. */
const ASKED_AT_ONCE = 50;
/** So much is sent in one request when more than a few wait: a slow link brings each piece of a backlog home by itself. */
const CARRIED_CHARS = 32_768;
/** What is larger is not kept once the server has taken it: a device has no room for every photo twice. */
const KEPT_CHARS = 65_536;

const TOO_LATE = 'It is more than five minutes old, and whether it was heard is not known. Raise it again if you still need it.';
const LOST = 'The server was restored from an older copy and has lost it. Send it again.';

class TapQueue {
  taps = $state<Tap[]>([]);
  told = $state('');
  /** Virtual milliseconds since when nothing answers a tap, or 0. Records do not count: a large one can be too slow alone. */
  stuckSince = $state(0);
  /** The outbox of this device could not be opened yet: what waits in it is not sent, and taps wait in the open page only. */
  unopened = $state(false);
  /** The keys of those that the device had no room for: they wait in the open page only. */
  readonly unkept = new SvelteSet<string>();
  /** How many taps the server had taken, lost when it was restored, and is sent again. */
  lost = $state(0);
  /** How many taps of other people wait on this device. */
  others = $state(0);
  /** Whose taps these are, with the key that seals them; null until the server or the device has told. */
  opened = $state.raw<Opened | null>(null);
  /** What the server took from this page: what was read of it before does not tell of that yet. */
  #taken = $state.raw<Sent[]>([]);
  #outbox: Outbox<Tap> | null = null;
  #open = $state(false);
  #opening = false;
  #asking = false;
  #tries = 0;
  #reopen: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  /** The server has refused to take many at once. */
  #single = false;
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
      this.taps = [...mine.filter((tap) => !known.has(tap.key)).map((tap) => asLeft(tap)), ...this.taps];
      this.others = others;
      this.#outbox = outbox;
      [this.#open, this.unopened] = [true, false];
      for (const tap of this.taps) this.#keep(tap);
      this.nudge();
    } catch {
      this.unopened = true;
      this.#tries += 1;
      this.#reopen = setTimeout(() => void this.open(), spread(pauseAfter(this.#tries)));
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

  /** The base of a field: the mark that was read, and the own tap under this path that may have set it since. */
  baseOf(path: string, field: string, bases: Bases): Bases {
    const own = this.#out().filter((one) => one.path === path).at(-1);
    const said = [bases[field], own?.key].filter(Boolean).join(' ');
    return said ? { [field]: said } : {};
  }

  /** Put a tap on its way and return its key; `taken` hears when the server has taken it. */
  add(words: string, path: string, body: Record<string, unknown> = {}, taken?: () => void): string {
    const at = clock.iso();
    // Whenever it arrives, it happened now: what was told in between is not undone by it.
    const tap: Tap = { key: newKey(), words, path, body: { at, ...body }, at, state: 'waiting', why: '', tries: 0, again: 0 };
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
  async takeBack(key: string): Promise<boolean> {
    const tap = this.taps.find((one) => one.key === key);
    if (tap?.state !== 'waiting' || tap.tries) return false;
    const free = this.#outbox?.withdraw(key).catch(() => false) ?? true;
    this.#forget(key);
    return free;
  }

  /** Send what was refused again, in place of what somebody else had set meanwhile and its person has now been shown. */
  useMine(key: string): void {
    const tap = this.taps.find((one) => one.key === key);
    if (!tap?.versions) return;
    const base = { ...(tap.body.base as Bases), ...Object.fromEntries(tap.versions.map((one) => [one.field, one.base])) };
    this.add(tap.words, tap.path, { ...tap.body, base }, this.#heard.get(key));
    this.#drop(key);
  }

  dismiss(key: string): void {
    this.#drop(key);
  }

  /** Try now: the link is back. */
  nudge(): void {
    void this.open();
    void this.#sendLostAgain();
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
    const some = this.#single ? [tap] : within(together(this.taps, tap, line, performance.now()));
    for (const one of some) one.state = 'sending';
    const fresh = await this.#notTaken(some);
    if (this.#stopped) return;
    const answers = await this.#deliver(fresh);
    for (const [index, one] of fresh.entries()) this.#hear(one, line, answers[index]);
    void this.#run(line);
  }

  /** Forget those that another page of this device has sent since they were read from it; return the others. */
  async #notTaken(some: Tap[]): Promise<Tap[]> {
    const taken = await Promise.all(some.map((tap) => tap.adopted && this.#outbox?.isTaken(tap.key).catch(() => false)));
    for (const [index, tap] of some.entries()) if (taken[index]) this.#forget(tap.key);
    return some.filter((_, index) => !taken[index]);
  }

  /** Send them and return what each was answered with; a problem of the link is everybody's. */
  async #deliver(some: Tap[]): Promise<(Told | Problem | undefined)[]> {
    const [first] = some;
    if (!first) return [];
    const owner = this.#outbox?.owner;
    try {
      if (some.length === 1 || owner === undefined) return [await command(first.path, first.body, first.key, owner)];
      const answers = await commands($state.snapshot(some), owner);
      if (answers[0]) return answers;
      throw new Error('not even the first was looked at');
    } catch (problem) {
      const why = problem instanceof Problem ? problem : new Problem(0, 'no_link', '', null);
      if (some.length === 1 || !isRefusal(why)) return some.map(() => why);
      // A request as a whole was refused, and none of them was looked at: each goes alone.
      this.#single = true;
      return [];
    }
  }

  #hear(tap: Tap, line: string, answer: Told | Problem | undefined): void {
    if (!answer) tap.state = 'waiting';
    else if (answer instanceof Problem) this.#failed(tap, line, answer);
    else this.#took(tap, answer);
  }

  #took(tap: Tap, answer: Told): void {
    this.told = answer.told;
    this.stuckSince = 0;
    this.#taken = [...this.#taken, sentOf(tap)];
    this.#heard.get(tap.key)?.();
    const small = JSON.stringify(tap.body).length <= KEPT_CHARS;
    void this.#outbox?.took({ ...$state.snapshot(tap), ...(small ? {} : { body: {} }) }).catch(() => undefined);
    this.#forget(tap.key);
  }

  #failed(tap: Tap, line: string, problem: Problem): void {
    tap.why = problem.message;
    if (problem.status > 0) this.stuckSince = 0;
    else if (line !== RECORDS) this.stuckSince ||= clock.reading();
    if (isRefusal(problem)) {
      tap.state = 'refused';
      const versions = versionsIn(problem.body);
      if (versions.length) tap.versions = versions;
    } else {
      tap.state = 'waiting';
      tap.tries += 1;
      tap.again = performance.now() + spread(pauseAfter(tap.tries));
    }
    this.#keep(tap);
  }

  #keep(tap: Tap): void {
    this.#outbox?.put($state.snapshot(tap)).then(
      () => this.unkept.delete(tap.key),
      () => this.taps.some((one) => one.key === tap.key) && this.unkept.add(tap.key),
    );
  }

  /** Ask whether the server still holds what it took; one that was restored from an older copy gets it again. */
  async #sendLostAgain(): Promise<void> {
    const outbox = this.#outbox;
    if (!outbox || this.#asking || this.#stopped) return;
    this.#asking = true;
    try {
      const taken = await outbox.taken();
      for (let from = 0; from < taken.length; from += ASKED_AT_ONCE) {
        const some = taken.slice(from, from + ASKED_AT_ONCE);
        const keys = some.map((tap) => `key=${encodeURIComponent(tap.key)}`).join('&');
        const { missing } = await get<{ missing: string[] }>(`/outbox/missing?${keys}`);
        this.#again(some.filter((tap) => missing.includes(tap.key)));
      }
    } catch {
      // Asked again when the link is back.
    } finally {
      this.#asking = false;
    }
  }

  #again(lost: Tap[]): void {
    if (!lost.length) return;
    this.lost += lost.length;
    const left = lost.map((tap) => (Object.keys(tap.body).length ? { ...asLeft(tap), adopted: false } : { ...tap, state: 'refused' as const, why: LOST }));
    this.taps = [...left, ...this.taps].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    for (const tap of left) this.#keep(tap);
    for (const line of new Set(left.map((tap) => lineOf(tap.path)))) this.#hurry(line);
  }

  #drop(key: string): void {
    this.#forget(key);
    void this.#outbox?.remove(key).catch(() => undefined);
  }

  #forget(key: string): void {
    this.taps = this.taps.filter((one) => one.key !== key);
    this.#heard.delete(key);
    this.unkept.delete(key);
  }
}

function sentOf(tap: Tap): Sent {
  return { key: tap.key, path: tap.path, person: Number(tap.body.person ?? 0) };
}

/** The first of them, as many as one request carries. */
function within(some: Tap[]): Tap[] {
  let chars = 0;
  return some.filter((tap, index) => (chars += JSON.stringify(tap.body).length) <= CARRIED_CHARS || !index);
}

/** A tap as a closed page left it. The server may have it: it is sent again under its key, and not taken back. */
function asLeft(tap: Tap): Tap {
  const left: Tap = { ...tap, adopted: true, again: 0, tries: Math.max(1, tap.tries), state: tap.state === 'refused' ? 'refused' : 'waiting' };
  const tooLate = left.state === 'waiting' && isTooOld(tap.path, clock.reading() - Date.parse(tap.at));
  return tooLate ? { ...left, state: 'refused', why: TOO_LATE } : left;
}

export const queue = new TapQueue();
