/** One person left on a unit, in words. Pure. */

import type { Due, UnitRow } from './types';
import { plainWords, shortTime } from './words';

export type Level = 'plain' | 'amber' | 'red';

/** How pressing a time limit is now. */
export function levelOf(due: Due | null | undefined, nowMs: number): Level {
  if (due?.red_at && nowMs >= Date.parse(due.red_at)) return 'red';
  return due?.amber_at && nowMs >= Date.parse(due.amber_at) ? 'amber' : 'plain';
}

/** `paramedic alone since 00:12, check due 00:27`; null for a crew. */
export function aloneWords(unit: UnitRow, nowMs: number, zone?: string): string | null {
  const { alone } = unit;
  if (!alone) return null;
  const who = `${plainWords(alone.role)} alone since ${shortTime(alone.since, zone)}`;
  const risk = alone.against ? `, on a job with ${alone.against}` : '';
  if (!alone.due.red_at) return `${who}${risk}`;
  const check = levelOf(alone.due, nowMs) === 'red' ? 'check overdue since' : 'check due';
  return `${who}, ${check} ${shortTime(alone.due.red_at, zone)}${risk}`;
}
