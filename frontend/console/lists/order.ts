/** Which rows stand in which list, and in what order. Pure. */

import type { Agency, IncidentRow, UnitRow, Wait } from '$shared/types';
import { urgency } from '$shared/words';
import { asksOf, owedBy, type Ask } from '../asking';

export function waiting(rows: Iterable<IncidentRow>): IncidentRow[] {
  return [...rows]
    .filter((row) => row.phase === 'waiting')
    .sort((a, b) => urgency(a) - urgency(b) || a.opened_at.localeCompare(b.opened_at) || a.id.localeCompare(b.id));
}

export function active(rows: Iterable<IncidentRow>): IncidentRow[] {
  return [...rows]
    .filter((row) => row.phase === 'active')
    .sort((a, b) => Number(!a.units.length) - Number(!b.units.length) || sign(a).localeCompare(sign(b)) || a.opened_at.localeCompare(b.opened_at) || a.id.localeCompare(b.id));
}

/** Jobs with a joint unit first, in the order of call signs. */
function sign(row: IncidentRow): string {
  return row.units[0]?.call_sign ?? '';
}

export function closed(rows: Iterable<IncidentRow>): IncidentRow[] {
  return [...rows]
    .filter((row) => row.phase === 'closed')
    .sort((a, b) => (b.closed_at ?? '').localeCompare(a.closed_at ?? '') || a.id.localeCompare(b.id));
}

export function onDuty(units: Iterable<UnitRow>): UnitRow[] {
  return [...units].sort((a, b) => Number(!!b.emergency) - Number(!!a.emergency) || a.call_sign.localeCompare(b.call_sign));
}

export function offered(units: Iterable<UnitRow>): (UnitRow & { offer: NonNullable<UnitRow['offer']> })[] {
  return onDuty(units).filter((unit): unit is UnitRow & { offer: NonNullable<UnitRow['offer']> } => unit.offer !== null);
}

/** So many open incidents, checks on people who are alone, and answers that this room owes are past their limit. */
export function overdueCount(rows: Iterable<IncidentRow>, units: Iterable<UnitRow>, now: number, mine: Agency | undefined): number {
  const all = [...rows];
  const jobs = all.filter((row) => row.phase !== 'closed' && isOverdue(row.due, now));
  const owed = mine ? owedBy(all, mine).filter((ask) => isOverdue(ask.due, now)) : [];
  const checks = [...units].filter((unit) => unit.alone && isOverdue(unit.alone.due, now));
  return jobs.length + checks.length + owed.length;
}

export function isOverdue(due: { red_at: string | null }, now: number): boolean {
  return due.red_at !== null && now >= Date.parse(due.red_at);
}

/** Waiting incidents with those for a joint unit first; within each the order of `waiting`. */
export function candidates(rows: Iterable<IncidentRow>): IncidentRow[] {
  return waiting(rows).sort((a, b) => Number(isNo(a)) - Number(isNo(b)));
}

const isNo = (row: IncidentRow): boolean => row.suitability.verdict === 'no';

/** One thing between the rooms that is not over; `wait` where one service waits for the other to come. */
export interface Waiter extends Ask {
  wait: Wait | null;
}

/** Every service that still waits for the other, and every question without an answer, the longest first. */
export function waiters(rows: Iterable<IncidentRow>): Waiter[] {
  return [...rows]
    .flatMap((row) => asksOf(row).filter((ask) => ask.about === 'come' || ask.owed))
    .map((ask) => ({ ...ask, wait: ask.about === 'come' ? (ask.row.waits.find((wait) => wait.requested_at === ask.at && wait.asked === ask.asked) ?? null) : null }))
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}
