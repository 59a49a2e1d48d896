/** Which rows stand in which list, and in what order. Pure. */

import type { IncidentRow, UnitRow, Wait } from '$shared/types';
import { urgency } from '$shared/words';

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

/** So many open incidents, and checks on people who are alone, are past their limit. */
export function overdueCount(rows: Iterable<IncidentRow>, units: Iterable<UnitRow>, now: number): number {
  const jobs = [...rows].filter((row) => row.phase !== 'closed' && isOverdue(row.due, now));
  const checks = [...units].filter((unit) => unit.alone && isOverdue(unit.alone.due, now));
  return jobs.length + checks.length;
}

export function isOverdue(due: { red_at: string | null }, now: number): boolean {
  return due.red_at !== null && now >= Date.parse(due.red_at);
}

/** Waiting incidents with those for a joint unit first; within each the order of `waiting`. */
export function candidates(rows: Iterable<IncidentRow>): IncidentRow[] {
  return waiting(rows).sort((a, b) => Number(isNo(a)) - Number(isNo(b)));
}

const isNo = (row: IncidentRow): boolean => row.suitability.verdict === 'no';

/** One service that waits for the other at one incident; `id` is stable while it waits. */
export interface Waiter {
  id: string;
  row: IncidentRow;
  wait: Wait;
}

/** Every service that still waits for the other, the longest first. */
export function waiters(rows: Iterable<IncidentRow>): Waiter[] {
  return [...rows]
    .flatMap((row) => row.waits.filter((wait) => !wait.arrived_at && !wait.released_at).map((wait) => ({ id: `${row.id} ${wait.asked}`, row, wait })))
    .sort((a, b) => a.wait.requested_at.localeCompare(b.wait.requested_at) || a.id.localeCompare(b.id));
}
