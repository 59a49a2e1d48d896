/** Two versions of one value in words: what somebody else set meanwhile, and what was to be sent. Pure. */

import type { Agency, Iso, Scheme } from './types';
import { capital, roomTime, shortTime } from './words';

/** One field on which two people differ, as the server answers it. */
export interface Version {
  field: string;
  theirs: unknown;
  yours: unknown;
  /** What to send in order to put one's own in place of theirs. */
  base: string;
  agency: Agency | null;
  by: string | null;
  at: Iso | null;
}

/** Marks by field: what stood on the screen of whoever sends. */
export type Bases = Record<string, string>;

/** What of a refused command has two versions; empty for any other refusal. */
export function versionsIn(body: Record<string, unknown>): Version[] {
  return body.reason_code === 'changed' && Array.isArray(body.versions) ? (body.versions as Version[]) : [];
}

const NAMES: Record<string, string> = {
  grade: 'Grade',
  type: 'Type',
  place: 'Place',
  flags: 'Flags',
  outcome: 'Outcome',
  break: 'Planned break',
  wait: 'Place to wait',
};

export function fieldName(field: string): string {
  const [name = '', number] = field.split('.');
  return number ? `Person ${number}` : (NAMES[name] ?? capital(name));
}

type Given = Record<string, unknown>;
type Say = (value: Given, scheme: Scheme | null) => string;

const code = (words: Record<string, string> | undefined, value: unknown): string => (value ? (words?.[String(value)] ?? String(value)) : '');
const list = (parts: (string | false | null | undefined)[]): string => parts.filter(Boolean).join(', ');

const SAY: Record<string, Say> = {
  place: (value) => `${String(value.text)}${value.lon === null || value.lon === undefined ? ' (not on the map)' : ''}`,
  outcome: (value, scheme) => {
    const codes = scheme?.outcome_codes;
    const contexts = ((value.contexts ?? []) as string[]).map((one) => code(codes?.context, one.split(':')[0]));
    return list([code(codes?.need, value.need), code(codes?.ended, value.ended), `risk ${code(codes?.risk, value.risk_arrival)} then ${code(codes?.risk, value.risk_leaving)}`, ...contexts]);
  },
  person: (value, scheme) => {
    const codes = scheme?.outcome_codes;
    return list([code(codes?.disposal, value.disposal), code(codes?.conveyed_by, value.conveyed_by), value.destination as string, !!value.custody && 'custody', !!value.s136 && 'section 136']);
  },
  break: (value, scheme) => list([shortTime(String(value.at), scheme?.time_zone), !!value.minutes && `${String(value.minutes)} min`, scheme?.sites.find((site) => site.id === value.site)?.name]),
  wait: (value) => list([String(value.text), value.reason as string]),
};

/** A value in words, as the screen says it elsewhere. */
export function valueWords(field: string, value: unknown, scheme: Scheme | null, agency: Agency): string {
  const name = field.split('.')[0] ?? '';
  if (value === null || value === undefined) return 'nothing';
  if (name === 'flags') return (value as string[]).map((id) => scheme?.flags[id] ?? id).join(', ') || 'none';
  if (name === 'type') return scheme?.types.find((type) => type.id === value)?.name ?? String(value);
  if (name === 'grade') {
    const known = scheme?.partners[agency].grades.find((grade) => grade.code === value);
    return known ? `${known.code} ${known.name}` : String(value);
  }
  return SAY[name]?.(value as Given, scheme) ?? String(value);
}

/** Whose the other version is, and since when: `police, 22:41:07`. */
export function whose(version: Version, zone: string | undefined): string {
  return list([version.agency ?? 'somebody else', version.at && roomTime(version.at, zone)]);
}
