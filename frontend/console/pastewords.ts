/** Forms of words in pasted text: references, telephone numbers, times, and words that a "no" takes back. Pure. */

import type { Agency, Scheme } from '$shared/types';

export const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?/;
export const POSTCODE = /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/i;
const PHONE = /(?:\+44 ?|\b0)\d(?:[ -]?\d){8,9}\b/;

const NEVER = /^(?!)/;
const compiled = new Map<string, RegExp>();

/** Examples of references as one pattern: each digit for any digit, each capital for any capital. */
export function shapes(examples: readonly string[]): RegExp {
  if (!examples.length) return NEVER;
  const key = examples.join('\n');
  const found = compiled.get(key);
  if (found) return found;
  const forms = examples.map((one) => one.replaceAll(/[.\\/-]/g, '\\$&').replaceAll(/\d/g, '\\d').replaceAll(/[A-Z]/g, '[A-Z]'));
  const made = new RegExp(`^(?:${forms.join('|')})$`);
  compiled.set(key, made);
  return made;
}

export function phoneIn(text: string): string | null {
  return PHONE.exec(text)?.[0] ?? null;
}

type Kind = Scheme['types'][number];

/** The type of that name, id or own code. */
export function exact(types: readonly Kind[], value: string, agency: Agency): Kind | undefined {
  const said = value.trim().toLowerCase();
  return types.find((one) => one.name.toLowerCase() === said || one.codes[agency].some((code) => code.toLowerCase() === said));
}

/** The type of that name or code, also with the code before the name: `VP-ASLT Assault with injury`. */
export function known(types: readonly Kind[], value: string, agency: Agency): Kind | undefined {
  const found = exact(types, value, agency);
  if (found) return found;
  const [first = '', ...rest] = value.trim().split(/\s+/);
  const coded = exact(types, first.replace(/[:,]$/, ''), agency);
  return coded && exact(types, rest.join(' ').replace(/^- /, ''), agency)?.id === coded.id ? coded : undefined;
}

const DENIED_BEFORE = /\b(?:no|not|nil|none|without|denies|neither|negative)\b(?:\s+\w+){0,3}\s*$/i;
const DENIED_AFTER = /^\s*s?\s*[:=-]?\s*(?:none|nil|no\b|negative|not )/i;

/** True when the words stand in the line as words and nothing beside them takes them back. */
export function cautious(line: string, words: string): boolean {
  const at = new RegExp(`(?<!\\w)${words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}s?(?!\\w)`, 'i').exec(line);
  if (!at) return false;
  return !DENIED_BEFORE.test(line.slice(0, at.index)) && !DENIED_AFTER.test(line.slice(at.index + at[0].length));
}
