/** A crew's break in words: planned, due, taken or missed. Pure. */

import type { UnitRow } from './types';
import type { Level } from './alone';
import { shortTime } from './words';
import { zoneTime } from './zones';

export interface BreakSaid {
  /** A word or a time, for a narrow column. */
  brief: string;
  words: string;
  level: Level;
}

export function breakSaid(unit: UnitRow, nowMs: number, zone?: string): BreakSaid {
  const { planned, began_at, ended_at } = unit.breaks;
  const time = (at: string): string => shortTime(at, zone);
  const past = (at: string): boolean => nowMs >= Date.parse(at);
  if (unit.status === 'meal' && began_at) return said('now', `on break since ${time(began_at)}`);
  if (planned) {
    const plan = `planned ${time(planned.at)} for ${planned.minutes} min${planned.place ? ` at ${planned.place}` : ''}`;
    if (past(planned.ends_at)) return said('missed', `break missed: it was ${plan}`, 'amber');
    return past(planned.at) ? said('due', `break due now: ${plan}`, 'amber') : said(time(planned.at), `break ${plan}`);
  }
  if (ended_at) return said('taken', `break taken${began_at ? ` ${time(began_at)}` : ''} to ${time(ended_at)}`);
  const due = unit.break_due_at;
  if (!due) return said('–', 'no break planned');
  return past(due) ? said('due', `break due since ${time(due)}, none planned`, 'amber') : said(`by ${time(due)}`, `break due by ${time(due)}, none planned`);
}

function said(brief: string, words: string, level: Level = 'plain'): BreakSaid {
  return { brief, words, level };
}

const LONG_AGO_MS = 6 * 3_600_000;

/** The moment that is meant by `22:30`: today's, or tomorrow's when today's is long past; null for no time of day. */
export function momentOf(text: string, nowMs: number, zone: string): string | null {
  const read = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(text.trim());
  if (!read) return null;
  const time = { hour: Number(read[1]), minute: Number(read[2]) };
  const today = zoneTime(nowMs, 0, time, zone);
  return new Date(nowMs - today > LONG_AGO_MS ? zoneTime(nowMs, 1, time, zone) : today).toISOString();
}
