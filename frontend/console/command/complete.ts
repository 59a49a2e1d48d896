/** Tab completion: the ends that would fit what is typed so far. Pure. */

import { COMMANDS } from './help';
import { plain, type Context } from './words';

const UNIT_FIRST = new Set(['s', 'a', 'v', 'd', 'ok', 'agree', 'object', 'b', 'rel', 'check', 'break', 'cancel', 'off', 'wait']);
const INCIDENT_FIRST = new Set(['g', 'm', 'x', 'share', 'r', 'eta', 'leave', 'ring', 'y', 'arrived', 'done', 'hz', 'safe', 'i', 'grade', 'close', 'reopen', 'glass', 'card', 'script']);

/** Whole lines that complete `text`, best first. */
export function complete(text: string, context: Context): string[] {
  const line = text.replace(/^\s+/, '').replaceAll(/\s+/g, ' ');
  if (/^\/\S*$/.test(line)) {
    const typed = line.slice(1).toLowerCase();
    return COMMANDS.filter((command) => command.name.startsWith(typed)).map((command) => `/${command.name} `);
  }
  const words = line.split(' ');
  const last = words.pop() ?? '';
  const before = words.length ? `${words.join(' ')} ` : '';
  return ends(words, context)
    .filter((end) => plain(end).startsWith(plain(last)))
    .map((end) => `${before}${end} `)
    .slice(0, 9);
}

function ends(words: string[], context: Context): string[] {
  const name = words[0]?.startsWith('/') ? words[0].slice(1).toLowerCase() : 's';
  const position = words[0]?.startsWith('/') ? words.length : words.length + 1;
  const units = context.units.map((unit) => unit.call_sign);
  const numbers = [...context.incidents].sort((a, b) => Number(b.id === context.inHand) - Number(a.id === context.inHand)).map((one) => one.number);
  if (position === 1 && name === 'part') return context.joined.map((one) => one.number);
  if (position === 1) return UNIT_FIRST.has(name) ? units : INCIDENT_FIRST.has(name) ? numbers : context.districts.map((one) => one.id);
  if (position !== 2) return [];
  return second(name, context, numbers);
}

function second(name: string, context: Context, numbers: string[]): string[] {
  switch (name) {
    case 's':
      return context.statuses.map((status) => status.id);
    case 'a':
    case 'v':
    case 'm':
      return numbers;
    case 'b':
      return ['patrol', 'ambulance', 'supervisor', 'fire'];
    case 'hz':
      return context.hazards.map((hazard) => hazard.id);
    case 'close':
      return context.closings.map((reason) => reason.id);
    case 'ok':
      return context.declines.map((reason) => reason.id);
    case 'grade':
      return context.grades;
    case 'glass':
      return ['clinical', 'evidence', 'identity', 'close'];
    case 'y':
      return ['yes', 'no', 'later', 'come', 'eta', 'leave', 'ring'];
    case 'state':
      return ['baseline', 'exercise', 'live', 'paused', 'ended'];
    default:
      return [];
  }
}
