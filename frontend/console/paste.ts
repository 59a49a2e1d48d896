/**
 * Text pasted from a room's own system, read into the fields of a draft. Pure.
 *
 * Nothing is lost: a line leaves the remarks only when fields took all of it. Nothing is certain either: what was
 * recognised is marked, and a person confirms it.
 */

import type { Agency, Scheme } from '$shared/types';
import { cautious, exact, known, phoneIn, POSTCODE, shapes, TIME } from './pastewords';
import type { Draft } from './state/draft';

/** As many characters as the remarks of an incident hold. */
export const LONGEST = 4000;

export type Field = 'type' | 'place' | 'grade' | 'foreign_id' | 'caller_name' | 'caller_phone' | 'hazards' | 'reported';
export type Found = Partial<Pick<Draft, Field | 'hazard_note'>>;
export type Pasted = { ok: true; found: Found; rest: string } | { ok: false; error: string };

interface Reading {
  scheme: Scheme;
  agency: Agency;
  found: Found;
}

/** Reads the value of one label; returns what of it no field took. */
type Reader = (value: string, reading: Reading) => string;

const LABELS: [RegExp, Reader][] = [
  [/^(?:cad|log|inc(?:ident)?|urn|call|job|event|our|own)?\s*(?:ref(?:erence)?|urn|cad|log|inc(?:ident)?|number|no\.?|id)+(?:\s*(?:no\.?|number|ref|id))?$/, ref],
  [/^(?:grade|grading|category|cat|priority|pri|response)$/, grade],
  [/^(?:incident |call |opening )?(?:type|nature|code|problem|reason)$/, type],
  [/^(?:incident )?(?:place|location|loc|address|addr|where|scene)$/, place],
  [/^(?:caller|informant|inft|name|caller name|reported by)$/, caller],
  [/^(?:phone|tel|telephone|tel no|phone no|cli|contact|mobile|caller (?:no|number|phone|tel))\.?$/, phone],
  [/^(?:time|created|opened|received|reported|call time|time of call|incident time|created at|received at)$/, time],
];

export function recognise(text: string, scheme: Scheme, agency: Agency): Pasted {
  const clean = text.replaceAll(/\r\n?/g, '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').trim();
  if (!clean) return { ok: false, error: 'There is no text to read. Copy it in your own system first.' };
  if (clean.length > LONGEST) {
    return { ok: false, error: `The text has ${clean.length.toLocaleString('en-GB')} characters; a draft takes ${LONGEST.toLocaleString('en-GB')}. Paste the part that matters; nothing was taken.` };
  }
  const reading: Reading = { scheme, agency, found: {} };
  // Labels speak first: a value that somebody named counts for more than a word in a sentence.
  const left = clean.split('\n').map((line) => labelled(line, reading));
  const rest = left.filter((line) => line !== null && !whole(line, reading)) as string[];
  for (const line of rest) within(line, reading);
  return { ok: true, found: reading.found, rest: rest.join('\n').trim() };
}

/** Read `Label: value`, also several on a line between bars. Returns null when fields took all of it. */
function labelled(line: string, reading: Reading): string | null {
  const pieces = line.split(/\s*\|\s*/);
  const before = { ...reading.found };
  const taken = pieces.filter((piece) => {
    const read = /^\s*([A-Za-z][A-Za-z ./]{0,24}?)\s*[:=]\s*(.+?)\s*$/.exec(piece);
    const reader = read && LABELS.find(([label]) => label.test((read[1] ?? '').toLowerCase()))?.[1];
    return !piece.trim() || (reader && !reader(read[2] ?? '', reading).trim());
  });
  return taken.length === pieces.length && line.trim() && Object.keys(reading.found).length > Object.keys(before).length ? null : line;
}

function set<K extends keyof Found>(reading: Reading, field: K, value: Found[K] | null | undefined): boolean {
  if (value === null || value === undefined || value === '' || field in reading.found) return false;
  reading.found[field] = value;
  return true;
}

function ref(value: string, reading: Reading): string {
  const examples = reading.scheme.partners[reading.agency].references;
  const read = value.trim().toUpperCase();
  const fits = examples.length ? shapes(examples).test(read) : /^[A-Z0-9][A-Z0-9./-]{2,39}$/.test(read);
  return fits && set(reading, 'foreign_id', read) ? '' : value;
}

function grade(value: string, reading: Reading): string {
  const said = value.toUpperCase().replace(/^(?:GRADE|CATEGORY|CAT\.?|PRIORITY)\s*/, '').trim();
  const grades = reading.scheme.partners[reading.agency].grades;
  const one = grades.find((each) => each.code === said || each.name.toUpperCase() === said || `${each.code} ${each.name}`.toUpperCase() === said);
  return one && set(reading, 'grade', one.code) ? '' : value;
}

function type(value: string, reading: Reading): string {
  const one = known(reading.scheme.types, value, reading.agency);
  return one && set(reading, 'type', one.id) ? '' : value;
}

function place(value: string, reading: Reading): string {
  return value.length <= 200 && set(reading, 'place', value.trim()) ? '' : value;
}

function caller(value: string, reading: Reading): string {
  const number = phoneIn(value);
  const name = (number ? value.replace(number, '') : value).replaceAll(/[\s,;()-]+$|^[\s,;()-]+/g, '').trim();
  if (name.length > 100) return value;
  const tookName = !name || set(reading, 'caller_name', name);
  const tookNumber = !number || set(reading, 'caller_phone', number);
  return tookName && tookNumber ? '' : value;
}

function phone(value: string, reading: Reading): string {
  return phoneIn(value)?.trim() === value.trim() && set(reading, 'caller_phone', value.trim()) ? '' : value;
}

function time(value: string, reading: Reading): string {
  const read = TIME.exec(value.trim());
  return read && read[0] === value.trim() && set(reading, 'reported', read[0]) ? '' : value;
}

/** A line that is one value and nothing else. */
function whole(line: string, reading: Reading): boolean {
  const value = line.trim();
  if (!value) return false;
  if (shapes(reading.scheme.partners[reading.agency].references).test(value.toUpperCase())) return !ref(value, reading);
  if (exact(reading.scheme.types, value, reading.agency)) return !type(value, reading);
  return POSTCODE.test(value) && !value.includes(':') && !place(value, reading);
}

/** Words within a line, which stays in the remarks as it is. */
function within(line: string, reading: Reading): void {
  const { scheme, agency } = reading;
  for (const word of line.toUpperCase().match(/[A-Z0-9][A-Z0-9./-]*/g) ?? []) {
    const token = word.replace(/[.]+$/, '');
    if (/\D/.test(token) && shapes(scheme.partners[agency].references).test(token)) ref(token, reading);
    if (/\d/.test(token) && /[A-Z]/.test(token)) grade(token, reading);
    if (token.includes('-')) type(token, reading);
  }
  const graded = /\b(?:grade|category|cat|priority)\s+(\w{1,4})\b/i.exec(line)?.[1];
  if (graded) grade(graded, reading);
  set(reading, 'caller_phone', phoneIn(line));
  const phrase = scheme.types.filter((one) => cautious(line, one.name)).sort((a, b) => b.name.length - a.name.length)[0];
  set(reading, 'type', phrase?.id);
  const seen = scheme.hazards.filter((one) => hazardWords(one).some((words) => cautious(line, words))).map((one) => one.code);
  if (!seen.length) return;
  reading.found.hazards = [...new Set([...(reading.found.hazards ?? []), ...seen])];
  set(reading, 'hazard_note', line.trim().slice(0, 200));
}

/** The words by which a hazard is known: its name, what stands around "or" in it, its code. */
function hazardWords(one: Scheme['hazards'][number]): string[] {
  const parts = one.name.split(/,| or | on /).map((part) => part.trim().replace(/^other /, '')).filter((part) => part.length > 2);
  return [one.name, one.code.replaceAll('_', ' '), ...parts];
}
