/**
 * The command bar's grammar: one line of text to one action, or to an error in words.
 *
 * Pure. A unit's status and the incident of an offer are read from the end, so that call signs of several
 * words need no quotes. Every field may also be named (`/a unit=JR01 incident=2041`).
 */

import type { Action } from '../actions';
import { READERS, type Fields } from './readers';
import type { Context } from './words';

export type Parsed = { ok: true; action: Action; words: string } | { ok: false; error: string };

export function parse(text: string, context: Context): Parsed {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  if (!line) return wrong('Type a command, a number or a call sign. ? shows them all.');
  if (!line.startsWith('/')) return shorthand(line, context);
  const [head = '', ...rest] = line.slice(1).split(' ');
  const reader = READERS[head.toLowerCase()];
  if (!reader) {
    const near = Object.keys(READERS).filter((name) => head && name.startsWith(head.toLowerCase().charAt(0)));
    const hint = near.length ? ` Near it: ${near.map((name) => `/${name}`).join(' ')}.` : '';
    return wrong(`There is no command /${head}.${hint} ? shows them all.`);
  }
  return reader(fieldsOf(rest), context);
}

/** `2041` goes to the incident; `JR01 scene` sets a status. */
function shorthand(line: string, context: Context): Parsed {
  const name = /^\d+$/.test(line) ? 'g' : 's';
  const reader = READERS[name];
  const read = reader ? reader(fieldsOf(line.split(' ')), context) : wrong('Type / for commands.');
  if (read.ok || name === 'g') return read;
  return wrong(`${read.error} Commands start with / and ? shows them.`);
}

function fieldsOf(words: string[]): Fields {
  const named: Record<string, string> = {};
  const rest: string[] = [];
  let open: string | null = null;
  for (const word of words) {
    const match = /^([a-z]+)=(.*)$/i.exec(word);
    if (match?.[1]) {
      open = match[1].toLowerCase();
      named[open] = match[2] ?? '';
    } else if (open) named[open] = `${named[open]} ${word}`.trim();
    else rest.push(word);
  }
  return { words: rest, named };
}

function wrong(error: string): Parsed {
  return { ok: false, error };
}
