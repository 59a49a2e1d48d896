/** The card for a room's own system: the partner's template, filled from the row that this viewer was given. Pure. */

import type { Agency, IncidentRow, Scheme } from '$shared/types';
import { capital, fullTime, gradeWords, other, placeText, plainWords, reference, resourcesOf, resourceWord, shortTime, typeName, VERDICT_WORD } from '$shared/words';

export interface Sight {
  agency: Agency;
  scheme: Scheme;
  now: number;
  /** `SYNTHETIC` or `SYNTHETIC EXERCISE` where nothing is real; else empty. */
  marking: string;
}

type Fill = (row: IncidentRow, sight: Sight) => string;

const at = (time: string, sight: Sight): string => shortTime(time, sight.scheme.time_zone);
const full = (time: string | number, sight: Sight): string => fullTime(time, sight.scheme.time_zone);
const grade = (row: IncidentRow, agency: Agency): string => {
  const ref = reference(row, agency);
  return ref ? gradeWords(ref) : '';
};
const open = (row: IncidentRow): IncidentRow['hazards'] => row.hazards.filter((hazard) => !hazard.cleared_at);
const expected = (eta: string | null, sight: Sight): string => (eta ? `, expected ${at(eta, sight)}` : '');

/** One function a field; the names are those that a scheme may write in braces. */
export const FIELDS: Record<string, Fill> = {
  number: (row) => row.number,
  own_reference: (row, { agency }) => reference(row, agency)?.foreign_id ?? 'none yet',
  own_grade: (row, { agency }) => grade(row, agency),
  other_reference: (row, { agency }) => reference(row, other(agency))?.foreign_id ?? 'none yet',
  other_grade: (row, { agency }) => grade(row, other(agency)),
  type: (row) => typeName(row),
  place: (row) => placeText(row),
  reported: (row, sight) => full(row.opened_at, sight),
  flags: (row, { scheme }) => row.flags.map((flag) => scheme.flags[flag] ?? plainWords(flag)).join('; '),
  hazards: (row, sight) => open(row).map((one) => `${one.name}${one.note ? `, ${one.note}` : ''} (${one.by} ${at(one.at, sight)})`).join('; ') || 'none reported',
  scene: (row, sight) => {
    if (row.scene_safe) return `declared safe ${at(row.scene_safe.at, sight)} by ${row.scene_safe.by}`;
    return open(row).some((hazard) => hazard.holds) ? 'NOT declared safe' : '';
  },
  rvp: (row) => row.rvp?.name ?? '',
  verdict: (row) => `${VERDICT_WORD[row.suitability.verdict] ?? row.suitability.verdict}: ${row.suitability.sentence}`,
  units: (row, sight) => row.units.map((unit) => `${unit.call_sign} ${unit.word} ${at(unit.status_at, sight)}${expected(unit.eta_at, sight)}`).join('; ') || 'none sent',
  resources: (row, sight) => resourcesOf(row).map((one) => `${one.call_sign} (${one.agency}) ${resourceWord(one.status)} ${at(one.at, sight)}${expected(one.eta_at, sight)}`).join('; '),
  waits: (row, sight) => row.waits.map((wait) => waitWords(wait, sight)).join('; '),
  now: (_row, sight) => full(sight.now, sight),
};

function waitWords(wait: IncidentRow['waits'][number], sight: Sight): string {
  const steps = [
    wait.answered_at && `answered ${wait.answer ?? ''} ${at(wait.answered_at, sight)}${wait.arrived_at ? '' : expected(wait.eta_at, sight)}`,
    wait.arrived_at && `arrived ${at(wait.arrived_at, sight)}`,
    wait.released_at && `released ${at(wait.released_at, sight)}`,
  ].filter(Boolean);
  return `${wait.by} asked ${wait.asked} for ${wait.need} ${at(wait.requested_at, sight)}${steps.length ? `, ${steps.join(', ')}` : ', not answered'}`;
}

/** Return the card as lines of text. A line whose fields are all empty is left out; no value begins a line of its own. */
export function cardOf(row: IncidentRow, sight: Sight): string {
  const lines = sight.scheme.partners[sight.agency].card.flatMap((template) => {
    let asked = 0;
    let given = 0;
    const line = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const value = oneLine(FIELDS[name]?.(row, sight) ?? '');
      asked += 1;
      if (value) given += 1;
      return value;
    });
    return asked && !given ? [] : [capital(oneLine(line))];
  });
  return [...(sight.marking ? [`${sight.marking}, not a real incident`] : []), ...lines].join('\n');
}

// What somebody typed must not look like another line, or a command, to the system that it is pasted into.
const oneLine = (text: string): string => text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
