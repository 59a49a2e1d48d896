/** What the rooms ask of each other at one incident: who owes an answer, and who might leave. Pure. */

import type { About, Agency, Due, IncidentRow, Iso, RoomAnswer, UnitRow } from '$shared/types';
import { resourcesOf, shortTime } from '$shared/words';
import { aboard } from './relief';

/** What can be asked; `come` is the request that starts a wait. */
export type Asking = 'come' | About;

/** One thing that one room asked the other, whether it is a wait or a question. `id` is stable. */
export interface Ask {
  id: string;
  row: IncidentRow;
  about: Asking;
  by: Agency;
  asked: Agency;
  words: string;
  at: Iso;
  due: Due;
  answers: RoomAnswer[];
  /** Nobody has answered, and it has not come about by itself. */
  owed: boolean;
}

const QUESTION: Record<About, string> = { eta: 'when will you be there?', release: 'may we leave?', call: 'please ring us' };

/** What was asked, as the asking room would say it. */
export function askWords(ask: Pick<Ask, 'about' | 'words'>): string {
  if (ask.about === 'come') return `please send ${ask.words}`;
  return `${QUESTION[ask.about]}${ask.words ? ` (${ask.words})` : ''}`;
}

/** Everything asked at an incident that is not over, the oldest first. */
export function asksOf(row: IncidentRow): Ask[] {
  const waits = row.waits
    .filter((wait) => !wait.arrived_at && !wait.released_at)
    .map((wait): Ask => ({ id: `${row.id} ${wait.asked} ${wait.requested_at}`, row, about: 'come', by: wait.by, asked: wait.asked, words: wait.need, at: wait.requested_at, due: wait.due, answers: wait.answers, owed: !wait.answered_at }));
  const questions = row.questions
    .filter((one) => !one.settled_at)
    .map((one): Ask => ({ id: one.id, row, about: one.about, by: one.by, asked: one.asked, words: one.words ?? '', at: one.asked_at, due: one.due, answers: one.answers, owed: !one.answers.length }));
  return row.phase === 'closed' ? [] : [...waits, ...questions].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

/** What a room still owes an answer to, the oldest first. */
export function owedBy(rows: Iterable<IncidentRow>, mine: Agency): Ask[] {
  return [...rows]
    .flatMap((row) => asksOf(row).filter((ask) => ask.owed && ask.asked === mine))
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

/** What a room may answer at an incident, again too: what it owes first, then what it last said “later” to. */
export function answerable(row: IncidentRow, mine: Agency): Ask[] {
  const asked = asksOf(row).filter((ask) => ask.asked === mine);
  return [...asked.filter((ask) => ask.owed), ...asked.filter((ask) => ask.answers.at(-1)?.answer === 'later')];
}

/** `later, two minutes`; `yes, expected 23:41`. */
export function answerWords(one: RoomAnswer, zone: string | undefined): string {
  return `${one.answer}${one.eta_at ? `, expected ${shortTime(one.eta_at, zone)}` : ''}${one.reason ? `: ${one.reason}` : ''}`;
}

/**
 * Whether people of this service who waited could go: whom they waited for is there, nobody has let them go or been
 * asked to, and no hazard holds clinicians back. An ambulance that waited for police can go when another clinician is there.
 */
export function mayLeave(row: IncidentRow, units: readonly UnitRow[], mine: Agency): boolean {
  if (row.phase === 'closed' || row.hazards.some((hazard) => hazard.holds && !hazard.cleared_at)) return false;
  const waited = row.waits.some((wait) => wait.by === mine && wait.arrived_at && !wait.released_at);
  const asked = row.questions.some((one) => one.by === mine && one.about === 'release' && !one.settled_at);
  if (!waited || asked) return false;
  return mine === 'police' || clinicianThere(row, units);
}

function clinicianThere(row: IncidentRow, units: readonly UnitRow[]): boolean {
  const own = resourcesOf(row).some((one) => one.agency === 'ambulance' && one.status === 'scene');
  return own && row.units.some((on) => ['scene', 'patient'].includes(on.status) && units.some((unit) => unit.id === on.unit_id && aboard(unit, 'ambulance')));
}
