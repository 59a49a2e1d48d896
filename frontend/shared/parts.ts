/** The records that one service keeps of an incident, and how one of them reads in a line. */

import type { Agency, Iso, Words } from './types';
import { plainWords } from './words';

export interface RecordRow {
  id: string;
  /** Whom it is about; 0 for nobody in particular. */
  person: number;
  /** The number when it was recorded: another one if the two were found to be one person. */
  recorded_as: number;
  at: Iso;
  recorded_at: Iso;
  by: string;
  state: 'counts' | 'corrected' | 'withdrawn';
  corrects: string | null;
  corrected_by: string | null;
  reason: string | null;
  withdrawn_because: string | null;
  erased: boolean;
  erased_under: string | null;
  shared: { at: Iso; basis: string; text: string | null }[];
  said: Record<string, unknown>;
}

export type Band = 'low' | 'urgent' | 'emergency' | 'incomplete';

export interface Score {
  total: number | null;
  band: Band;
  words: string;
  points: Record<string, number>;
  missing: string[];
}

export interface ObservationRow extends RecordRow {
  news2: Score;
}

export interface Detention {
  person: number;
  clock: { started_at: Iso; ends_at: Iso; extended: boolean; stopped_at: Iso | null } | null;
  concerns: string[];
  steps: RecordRow[];
}

/** One service's part. A list that this viewer's role may not see is absent. */
export interface Part {
  incident_id: string;
  number: string;
  joined?: RecordRow[];
  involved?: RecordRow[];
  observations?: ObservationRow[];
  care?: RecordRow[];
  referrals?: RecordRow[];
  concluded?: RecordRow[];
  arrests?: RecordRow[];
  force?: RecordRow[];
  detentions?: Detention[];
  searches?: RecordRow[];
  footage?: RecordRow[];
  attachments?: RecordRow[];
  shared?: RecordRow[];
  received?: RecordRow[];
  withheld?: string[];
}

export interface Handover {
  person: number;
  made_at: Iso;
  lines: { letter: string; word: string; text: string }[];
  risks: string[];
  text: string;
}

export type Codes = Record<string, Words>;

export const PART_OF: Record<Agency, string> = { police: 'police', ambulance: 'clinical' };

export const SECTIONS: [keyof Part, string][] = [
  ['arrests', 'Arrest'],
  ['force', 'Use of force'],
  ['searches', 'Stop and search'],
  ['footage', 'Body-worn video'],
  ['observations', 'Observations'],
  ['care', 'Findings, treatment'],
  ['referrals', 'Referral'],
  ['concluded', 'Care concluded'],
  ['involved', 'Person'],
  ['joined', 'One person'],
  ['attachments', 'Attachment'],
  ['shared', 'Shared'],
  ['received', 'Told by the other service'],
];

export const MEASURED: [string, string, string][] = [
  ['respiration', 'Breaths', '/min'],
  ['spo2', 'SpO2', '%'],
  ['systolic', 'BP', ' mmHg'],
  ['pulse', 'Pulse', '/min'],
  ['temperature_c', 'Temp', ' °C'],
  ['glucose_mmol', 'Glucose', ' mmol/l'],
  ['pain', 'Pain', '/10'],
];

export const MISSING: Record<string, string> = {
  respiration: 'breaths',
  spo2: 'SpO2',
  on_oxygen: 'air or oxygen',
  systolic: 'blood pressure',
  pulse: 'pulse',
  consciousness: 'consciousness',
  temperature_c: 'temperature',
};

/** Words as they stand within a sentence. */
function small(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}

const PER_INCIDENT = 100;

/** Who a number is: persons of an incident that was joined to this one are counted from 101. */
export function personWords(person: number): string {
  return person < PER_INCIDENT ? `person ${person}` : `person ${person % PER_INCIDENT} of the joined incident${person < 2 * PER_INCIDENT ? '' : ` (${person})`}`;
}

type Listed = Partial<RecordRow> & { steps?: RecordRow[] };

function aboutPeople(part: Part | null): RecordRow[] {
  const rows = Object.values(part ?? {}).flatMap((list) => (Array.isArray(list) ? (list as Listed[]) : []));
  return rows.flatMap((row) => row.steps ?? [row as RecordRow]).filter((row) => row.person > 0);
}

const inOrder = (numbers: number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Whom a part has records of. */
export function recorded(part: Part | null): number[] {
  return inOrder(aboutPeople(part).map((row) => row.person));
}

/** Whom somebody can choose to write about, those known elsewhere counted, and the number of a next one. */
export function peopleOf(part: Part | null, elsewhere: number[]): { people: number[]; next: number } {
  const about = aboutPeople(part);
  const joinedAway = new Set(about.filter((row) => row.recorded_as !== row.person).map((row) => row.recorded_as));
  const own = [1, ...elsewhere, ...about.flatMap((row) => [row.person, row.recorded_as])].filter((person) => person < PER_INCIDENT);
  const highest = Math.max(...own);
  const counted = Array.from({ length: highest }, (_, index) => index + 1).filter((person) => !joinedAway.has(person));
  return { people: inOrder([...counted, ...recorded(part)]), next: highest + 1 };
}

/** What a record says, in one line. */
export function recordWords(row: RecordRow, codes: Codes, disposals: Words = {}): string {
  if (row.erased) return `Erased under: ${row.erased_under ?? 'a clause that is not known here'}`;
  const said = row.said;
  const one = (name: string): string => (typeof said[name] === 'string' ? said[name] : '');
  const word = (group: string, name = group): string => codes[group]?.[one(name)] ?? plainWords(one(name));
  const many = (group: string): string =>
    (Array.isArray(said[group]) ? (said[group] as string[]) : []).map((code) => codes[group]?.[code] ?? plainWords(code)).join(', ');
  const measured = MEASURED.filter(([name]) => said[name] !== undefined).map(([name, words, unit]) => `${words} ${said[name] as number}${unit}`);
  if ('on_oxygen' in said) measured.push(said.on_oxygen ? 'on oxygen' : 'on air');
  const found = [
    Array.isArray(said.persons) ? `${(said.persons as number[]).map(personWords).join(' and ')} are one` : '',
    said.persons ? (row.reason ?? '') : '',
    word('step'),
    measured.join(', '),
    word('consciousness'),
    many('tactics'),
    many('because') && `because: ${many('because').toLowerCase()}`,
    one('seat') && plainWords(one('seat')),
    one('disposal') && (disposals[one('disposal')] ?? one('disposal')),
    one('epcr_ref') && `ePCR ${one('epcr_ref')}`,
    word('kind'),
    word('involved_as'),
    typeof said.age === 'number' ? `${said.age} years` : '',
    word('sex'),
    word('safe_place'),
    ...['offence', 'grounds', 'mechanism', 'findings', 'treatment', 'name', 'contact', 'to', 'who', 'reference', 'custody_ref', 'destination', 'title', 'text', 'note'].map(one),
    word('basis') && `why: ${small(word('basis'))}`,
  ];
  return found.filter(Boolean).map((words) => String(words).replace(/\.$/, '')).join('; ') || 'Nothing was written.';
}

/** Time left as words, such as "23 h 10 min left" or "ran out 5 min ago". */
export function clockWords(endsAt: Iso, now: number): string {
  const minutes = Math.floor((Date.parse(endsAt) - now) / 60_000);
  const size = Math.abs(minutes);
  const words = size >= 60 ? `${Math.floor(size / 60)} h ${String(size % 60).padStart(2, '0')} min` : `${size} min`;
  return minutes >= 0 ? `${words} left` : `ran out ${words} ago`;
}
