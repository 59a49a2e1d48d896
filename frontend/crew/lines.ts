/** Which taps wait for which: nothing that somebody's safety hangs on stands behind a record. Pure. */

import { Problem } from '$shared/api';

/** The one line of everything that is written down: one at a time; what fails steps behind all of another kind. */
export const RECORDS = 'records';
/** What is too large for the link now holds up no other of its kind. */
const ALONE = /\/attachments$/;
const COURSE = /^\/units\/[^/]+\/(status|offers|self-assign|on-view|ready|book-off)(\/|$)/;
const AT_ONCE = /^\/units\/|\/(scene-safe|situation)$/;

/**
 * The line that a tap stands in. Status and offers follow from one another and keep their order; an emergency,
 * back-up, a seat, "scene safe" and a situation report wait for nobody but their own kind.
 */
export function lineOf(path: string): string {
  if (COURSE.test(path)) return 'course';
  return AT_ONCE.test(path) ? path : RECORDS;
}

export function isEmergency(path: string): boolean {
  return /^\/units\/[^/]+\/emergency$/.test(path);
}

/** An emergency that has waited longer, while the page was closed, is told to its person and not sent. */
const EMERGENCY_FRESH_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 20_000;
const SIGNED_OUT = 401;

/** From so many on, what waits in a line goes in one request, and no more than so many: a slow link is asked once. */
const LEAST_TOGETHER = 3;
const MOST_TOGETHER = 50;

/** Whether a tap that a closed page left so long ago is told to its person and not sent. */
export function isTooOld(path: string, age: number): boolean {
  return isEmergency(path) && age > EMERGENCY_FRESH_MS;
}

/** Whether the server has refused a tap for good; anything else is sent again. */
export function isRefusal(problem: unknown): problem is Problem {
  return problem instanceof Problem && !problem.retryable && problem.status !== SIGNED_OUT;
}

/** Milliseconds until the next try after so many in vain, before they are spread. */
export function pauseAfter(tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(tries, 6));
}

interface Standing {
  path: string;
  state: 'waiting' | 'sending' | 'refused';
  tries: number;
  again: number;
}

/** The tap of a line that is sent next, or null while one of it is on its way. */
export function nextOf<T extends Standing>(taps: T[], line: string): T | null {
  const mine = taps.filter((tap) => tap.state !== 'refused' && lineOf(tap.path) === line);
  if (mine.some((tap) => tap.state === 'sending')) return null;
  if (line !== RECORDS) return mine[0] ?? null;
  const first = mine.filter((tap) => ALONE.test(tap.path) || mine.find((one) => one.path === tap.path) === tap);
  return first.sort((a, b) => a.again - b.again)[0] ?? null;
}

/** All of a line that goes with its next one, in their order: a record that waits out a pause holds back its own kind. */
export function together<T extends Standing>(taps: T[], first: T, line: string, now: number): T[] {
  const held = new Set<string>();
  const some = taps.filter((tap) => {
    if (tap.state !== 'waiting' || lineOf(tap.path) !== line || ALONE.test(tap.path)) return false;
    if (line === RECORDS && tap.again > now) held.add(tap.path);
    return !held.has(tap.path);
  });
  return ALONE.test(first.path) || some.length < LEAST_TOGETHER ? [first] : some.slice(0, MOST_TOGETHER);
}
