/** The sentence to read out to the other room on the telephone. Pure. */

import type { IncidentRow, Recommendation } from '$shared/types';
import { capital, other, placeText, reference, shortTime, typeName } from '$shared/words';
import type { Sight } from './card';
import { sendLine } from './pane/send';

/** All of a row that the sentence is made of: each is the same for both rooms once both see the incident. */
export const SPOKEN = ['refs', 'type', 'stub', 'place', 'hazards', 'scene_safe', 'rvp', 'waits', 'units'] as const;

export type Spoken = Pick<IncidentRow, (typeof SPOKEN)[number]>;

/** Return the sentence, or null while this room alone sees the incident: then nothing of it is said. */
export function scriptOf(row: IncidentRow, advice: Recommendation | null, sight: Sight): string | null {
  if (!row.visible_to.includes(other(sight.agency))) return null;
  const said = Object.fromEntries(SPOKEN.map((name) => [name, row[name]])) as unknown as Spoken;
  const parts = [
    `${capital(sight.agency)} control`,
    said.units.length ? 'joint unit on its way' : 'joint unit request',
    ...references(said, sight),
    `${lower(typeName(said as IncidentRow))} at ${placeText(said as IncidentRow)}`,
    dangers(said),
    ...asked(said, sight),
    unitWords(said, advice, sight),
  ].filter(Boolean);
  return `${sight.marking ? `${sight.marking}. ` : ''}${parts.join(', ')}.`;
}

function references(row: Spoken, sight: Sight): string[] {
  const theirs = reference(row as IncidentRow, other(sight.agency));
  const ours = reference(row as IncidentRow, sight.agency);
  return [theirs ? `your reference ${theirs.foreign_id}` : 'no reference of yours yet', ours ? `ours ${ours.foreign_id}` : ''];
}

function dangers(row: Spoken): string {
  const open = row.hazards.filter((hazard) => !hazard.cleared_at);
  if (!open.length) return 'no hazard reported';
  const named = open.map((one) => lower(one.name) + (one.note ? ` (${one.note.replaceAll(/\s+/g, ' ')})` : '')).join(' and ');
  if (row.scene_safe) return `hazards: ${named}, scene declared safe`;
  const held = open.some((one) => one.holds);
  return `hazards: ${named}${held ? `, scene not declared safe${row.rvp ? `, RVP ${row.rvp.name}` : ''}` : ''}`;
}

function asked(row: Spoken, sight: Sight): string[] {
  return row.waits
    .filter((wait) => wait.by === sight.agency && !wait.arrived_at && !wait.released_at)
    .map((wait) => `we have waited for ${wait.need} since ${shortTime(wait.requested_at, sight.scheme.time_zone)}`);
}

function unitWords(row: Spoken, advice: Recommendation | null, sight: Sight): string {
  const on = row.units[0];
  if (on) return `joint unit ${on.call_sign} ${lower(on.word)}${on.eta_at ? `, expected ${shortTime(on.eta_at, sight.scheme.time_zone)}` : ''}`;
  const first = advice?.units.find((unit) => unit.can_offer);
  if (!first) return advice ? 'no joint unit free' : '';
  return `nearest joint unit ${first.call_sign} ${sendLine(first, advice?.target ?? 'scene', undefined).eta.replace(/ min\b/, first.eta_s !== null && first.eta_s < 90 ? ' minute' : ' minutes')}`;
}

/** A name within a sentence: the first letter small, unless the word is an abbreviation. */
function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
