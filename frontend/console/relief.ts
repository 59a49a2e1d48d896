/** What would end a wait for the other service at the least cost, in one sentence. Pure. */

import type { Agency, IncidentRow, Recommendation, RecommendedUnit, Scheme, UnitRow, Wait } from '$shared/types';
import { ageWords, resourcesOf, shortTime } from '$shared/words';
import { sendLine } from './pane/send';

export interface Around {
  units: readonly UnitRow[];
  scheme: Scheme | null;
  /** The advice of this incident, when it is in hand. */
  advice: Recommendation | null;
  now: number;
}

interface Coming {
  who: string;
  at: number | null;
}

/** A joint unit is worth a word beside somebody who comes this much later than it would. */
const SOONER_MS = 300_000;

/** Return who ends the wait: somebody there, somebody coming, a free joint unit, a divert, else the telephone. */
export function relief(row: IncidentRow, wait: Wait, around: Around): string {
  const there = resourcesOf(row).find((one) => one.agency === wait.asked && one.status === 'scene');
  if (there) return `${there.call_sign} is at scene: record the arrival.`;
  const coming = first(row, wait, around);
  const joint = jointHelp(wait.asked, around, coming);
  if (coming) return `${comingWords(coming, around)}${joint ? `; ${joint}` : ''}.`;
  if (joint) return `${joint}.`;
  const line = around.scheme?.partners[wait.asked].direct_line;
  const told = wait.answer === 'no' ? `the ${wait.asked} room answered no` : 'nobody is on the way yet';
  return line ? `${told}; its direct line is ${line}.` : `${told}.`;
}

function first(row: IncidentRow, wait: Wait, around: Around): Coming | null {
  const joint = row.units
    .filter((on) => around.units.some((unit) => unit.id === on.unit_id && aboard(unit, wait.asked)))
    .map((on) => ({ who: on.call_sign, at: time(on.eta_at) }));
  const own = resourcesOf(row)
    .filter((one) => one.agency === wait.asked && (one.status === 'assigned' || one.status === 'mobile'))
    .map((one) => ({ who: one.call_sign, at: time(one.eta_at) }));
  const promised = wait.answer && wait.answer !== 'no' && wait.eta_at ? [{ who: `the ${wait.asked} service`, at: time(wait.eta_at) }] : [];
  return [...joint, ...own, ...promised].sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity))[0] ?? null;
}

function comingWords(coming: Coming, around: Around): string {
  if (coming.at === null) return `${coming.who} is coming, no time given`;
  const left = (coming.at - around.now) / 1000;
  return left > 0 ? `${coming.who} is coming, ETA ${ageWords(left)}` : `${coming.who} was due ${shortTime(coming.at, around.scheme?.time_zone)}`;
}

function jointHelp(asked: Agency, around: Around, coming: Coming | null): string {
  const has = (one: RecommendedUnit): boolean => around.units.some((unit) => unit.id === one.unit_id && aboard(unit, asked));
  const sooner = (one: RecommendedUnit): boolean =>
    coming === null || (one.eta_s !== null && (coming.at === null || coming.at - around.now - one.eta_s * 1000 > SOONER_MS));
  const ranked = (around.advice?.units ?? []).filter((one) => has(one) && sooner(one));
  const say = (one: RecommendedUnit): string => sendLine(one, around.advice?.target ?? 'scene', undefined).eta;
  const free = ranked.find((one) => one.can_offer);
  if (free) return `${free.call_sign} could come, ${say(free)} (${free.rank} offers it)`;
  const divert = ranked.find((one) => one.divert_from);
  if (divert) return `${divert.call_sign} could be diverted from ${divert.divert_from}, ${say(divert)}`;
  if (around.advice || coming) return '';
  const idle = around.units.find((unit) => aboard(unit, asked) && !unit.offer && isFree(unit, around.scheme));
  return idle ? `${idle.call_sign} is free` : '';
}

function isFree(unit: UnitRow, scheme: Scheme | null): boolean {
  return !unit.incident_id && !unit.emergency && !!scheme?.statuses.find((status) => status.id === unit.status)?.available;
}

/** Whether somebody of that service sits in the unit. */
export function aboard(unit: UnitRow, agency: Agency): boolean {
  return unit.seats.some((seat) => seat.agency === agency && seat.present) && !unit.released[agency];
}

function time(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
