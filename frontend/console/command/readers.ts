/** One reader a command. Each takes the words after it and returns an action or an error in words. */

import { momentOf } from '$shared/breaks';
import { other } from '$shared/words';
import type { About, Agency, NoteLabel } from '$shared/types';
import type { Action } from '../actions';
import type { Asking } from '../asking';
import { find, firstName, plain, type Context, type Named } from './words';
import type { Parsed } from './grammar';

export interface Fields {
  words: string[];
  named: Record<string, string>;
}

type Reader = (fields: Fields, context: Context) => Parsed;
type Unit = Context['units'][number];
type Incident = Context['incidents'][number];

const no = (error: string): Parsed => ({ ok: false, error });
const yes = (action: Action, words: string): Parsed => ({ ok: true, action, words });
const isError = (value: object): value is Parsed => 'ok' in value;

/** Read a call sign: the longest known one at the start of `words`. */
function unitAt(words: string[], context: Context): { unit: Unit; rest: string[] } | Parsed {
  for (let length = Math.min(words.length, 4); length > 0; length -= 1) {
    const name = plain(words.slice(0, length).join(' '));
    const unit = context.units.find((one) => plain(one.call_sign) === name || plain(one.call_sign).replaceAll(' ', '') === name.replaceAll(' ', ''));
    if (unit) return { unit, rest: words.slice(length) };
  }
  const known = context.units.map((unit) => unit.call_sign).join(', ') || 'none';
  return no(words.length ? `No unit is called ${words[0]}. On duty: ${known}.` : `Name a unit first. On duty: ${known}.`);
}

function unitField(fields: Fields, context: Context): { unit: Unit; rest: string[] } | Parsed {
  if (fields.named.unit === undefined) return unitAt(fields.words, context);
  const found = unitAt(fields.named.unit.split(' '), context);
  return isError(found) ? found : { unit: found.unit, rest: fields.words };
}

/** Read an incident's number; without one, the incident in hand. */
function incidentAt(words: string[], fields: Fields, context: Context): { incident: Incident; rest: string[] } | Parsed {
  const said = fields.named.incident ?? fields.named.inc;
  const number = said ?? (/^#?\d+$/.test(words[0] ?? '') ? words[0] : undefined);
  if (number !== undefined) {
    const clean = number.replace('#', '');
    const incident = context.incidents.find((one) => one.number === clean);
    if (!incident) return no(`There is no incident ${clean} on this board.`);
    return { incident, rest: said === undefined ? words.slice(1) : words };
  }
  const held = context.incidents.find((one) => one.id === context.inHand);
  return held ? { incident: held, rest: words } : no('Name an incident by its number: none is in hand.');
}

function choose(list: Named[], word: string, what: string): { one: Named } | Parsed {
  const found = find(list, word);
  if (!found) return no(`${word ? `“${word}” is no ${what}` : `Say which ${what}`}. Known: ${list.map(firstName).join(', ')}.`);
  if ('many' in found) return no(`“${word}” could be ${found.many.map(firstName).join(' or ')}. Type more of it.`);
  return found;
}

function agencyOf(word: string | undefined): Agency | null {
  const said = plain(word ?? '');
  if (!said) return null;
  if ('police'.startsWith(said)) return 'police';
  return 'ambulance'.startsWith(said) ? 'ambulance' : null;
}

const status: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const said = fields.named.status ?? found.rest.join(' ');
  const chosen = choose(context.statuses, said, 'status');
  if (isError(chosen)) return chosen;
  return yes({ do: 'status', unit: found.unit.id, status: chosen.one.id }, `${found.unit.call_sign}: ${firstName(chosen.one)}`);
};

const assign: Reader = (fields, context) => {
  const last = fields.words.at(-1) ?? '';
  const fromEnd = fields.named.incident === undefined && /^#?\d{2,}$/.test(last) && fields.words.length > (fields.named.unit ? 0 : 1);
  const number = fromEnd ? [last] : [];
  const found = unitField({ ...fields, words: fromEnd ? fields.words.slice(0, -1) : fields.words }, context);
  if (isError(found)) return found;
  if (found.rest.length) return no(`“${found.rest.join(' ')}” is no incident number. Form: /a JR01 2041.`);
  const target = incidentAt(number, fields, context);
  if (isError(target)) return target;
  return yes({ do: 'offer', unit: found.unit.id, incident: target.incident.id }, `Offer ${found.unit.call_sign} to ${target.incident.number}`);
};

const divert: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const target = incidentAt(found.rest, fields, context);
  if (isError(target)) return target;
  const reason = fields.named.reason ?? target.rest.join(' ');
  if (!reason) return no('A divert needs a reason: /v JR01 2041 reason.');
  return yes({ do: 'divert', unit: found.unit.id, incident: target.incident.id, reason }, `Divert ${found.unit.call_sign} to ${target.incident.number}`);
};

const standDown: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const reason = fields.named.reason ?? found.rest.join(' ');
  if (!reason) return no(`Say why ${found.unit.call_sign} stands down: /d ${found.unit.call_sign} reason.`);
  if (found.unit.offer && !found.unit.incident) {
    return yes({ do: 'withdraw', unit: found.unit.id, offer: found.unit.offer, reason }, `Withdraw the offer to ${found.unit.call_sign}`);
  }
  return yes({ do: 'stand_down', unit: found.unit.id, reason }, `Stand down ${found.unit.call_sign}`);
};

const voice: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  if (!found.unit.offer) return no(`${found.unit.call_sign} has no open offer.`);
  const base = { do: 'answer_offer', unit: found.unit.id, offer: found.unit.offer } as const;
  if (!found.rest.length) return yes({ ...base, answer: 'accept' }, `${found.unit.call_sign} accepts by voice`);
  const chosen = choose(context.declines, found.rest.join(' '), 'reason to decline');
  if (isError(chosen)) return chosen;
  return yes({ ...base, answer: 'decline', reason: chosen.one.id }, `${found.unit.call_sign} declines by voice: ${firstName(chosen.one)}`);
};

const consent = (agreed: boolean): Reader => (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  if (!found.unit.offer) return no(`${found.unit.call_sign} has no open offer.`);
  return yes(
    { do: 'consent', unit: found.unit.id, offer: found.unit.offer, consent: agreed },
    `${agreed ? 'Agree' : 'Object'} to the offer of ${found.unit.call_sign}`,
  );
};

const KINDS = ['patrol', 'ambulance', 'supervisor', 'fire'];

const backup: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const said = plain(fields.named.kind ?? found.rest[0] ?? '');
  const kind = said === 'police' ? 'patrol' : KINDS.find((one) => said && one.startsWith(said));
  if (!kind) return no(`Back-up of which kind? ${KINDS.join(', ')}. Form: /b JR01 ambulance.`);
  const agency = agencyOf(found.rest[1]) ?? (kind === 'ambulance' ? 'ambulance' : kind === 'patrol' ? 'police' : context.viewer.agency);
  return yes({ do: 'backup', unit: found.unit.id, agency, kind }, `Back-up for ${found.unit.call_sign}: ${kind}`);
};

const release: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const agency = found.rest.length ? agencyOf(found.rest[0]) : context.viewer.agency;
  if (!agency) return no('Release which service? police or ambulance.');
  return yes({ do: 'release', unit: found.unit.id, agency }, `Release the ${agency} part of ${found.unit.call_sign}`);
};

const check: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  return yes({ do: 'check', unit: found.unit.id }, `${found.unit.call_sign} said by voice: all right`);
};

/** `/break JR01 22:30 30 base`; `/break JR01 cancel`. */
const pause: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const [time = '', ...rest] = found.rest;
  const sign = found.unit.call_sign;
  if (plain(time) === 'cancel') return yes({ do: 'cancel_break', unit: found.unit.id }, `Cancel the planned break of ${sign}`);
  const starts = momentOf(fields.named.at ?? time, context.now, context.zone);
  if (!starts) return no(`Give the break a time: /break ${sign} 22:30, or /break ${sign} cancel.`);
  const length = /^\d{2,3}$/.test(rest[0] ?? '') ? Number(rest.shift()) : null;
  let site = '';
  if (rest.length) {
    const chosen = choose(context.sites, rest.join(' '), 'place');
    if (isError(chosen)) return chosen;
    site = chosen.one.id;
  }
  return yes({ do: 'break', unit: found.unit.id, starts_at: starts, minutes: length, site }, `Break of ${sign} at ${time}`);
};

const cancel: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  if (plain(found.rest.join(' ')) !== 'voice') return no(`Speak to the crew first, then type: /cancel ${found.unit.call_sign} voice.`);
  return yes({ do: 'cancel_emergency', unit: found.unit.id }, `Cancel the emergency of ${found.unit.call_sign} after voice contact`);
};

/** A command about an incident that takes free text. */
function said(missing: string, needed: boolean, make: (incident: Incident, text: string, context: Context) => Parsed): Reader {
  return (fields, context) => {
    const target = incidentAt(fields.words, fields, context);
    if (isError(target)) return target;
    const text = fields.named.text ?? fields.named.reason ?? target.rest.join(' ');
    if (!text && needed) return no(missing);
    return make(target.incident, text, context);
  };
}

const LABELS: Record<string, NoteLabel> = { op: 'operational', clinical: 'clinical', evidence: 'police_evidence', identity: 'identity' };

const note = said('Say what to note: /i 2041 text.', true, (incident, text) => {
  const [first = '', ...rest] = text.split(' ');
  const label = first.endsWith(':') ? LABELS[first.slice(0, -1).toLowerCase()] : undefined;
  if (label && !rest.length) return no('Say what to note after the label.');
  return yes(
    { do: 'note', incident: incident.id, text: label ? rest.join(' ') : text, label: label ?? 'operational' },
    `Note on ${incident.number}, ${(label ?? 'operational').replace('_', ' ')}`,
  );
});

const hazard: Reader = (fields, context) => {
  const target = incidentAt(fields.words, fields, context);
  if (isError(target)) return target;
  const [code = '', ...rest] = fields.named.code ? [fields.named.code, ...target.rest] : target.rest;
  const chosen = choose(context.hazards, code, 'hazard');
  if (isError(chosen)) return chosen;
  return yes({ do: 'hazard', incident: target.incident.id, code: chosen.one.id, note: rest.join(' ') }, `Hazard on ${target.incident.number}: ${firstName(chosen.one)}`);
};

const match: Reader = (fields, context) => {
  const first = incidentAt(fields.words, fields, context);
  if (isError(first)) return first;
  const second = first.rest[0] ?? fields.named.with;
  if (!second) {
    const only = first.incident.matches.length === 1 ? first.incident.matches[0] : undefined;
    return only ? matched(first.incident, only, 'the suggested one', true) : no('Name the other incident: /m 2041 2042.');
  }
  const number = second.replace('#', '');
  const found = context.incidents.find((one) => one.number === number);
  if (!found && context.joined.some((one) => one.number === number)) return no(`${number} is joined to the incident in hand. To take it apart: /part ${number} reason.`);
  if (!found) return no(`There is no incident ${second} on this board.`);
  if (found.id === first.incident.id) return no('An incident cannot be matched with itself.');
  return matched(first.incident, found.id, found.number, plain(first.rest[1] ?? 'same') !== 'different');
};

function matched(incident: Incident, otherId: string, name: string, same: boolean): Parsed {
  return yes(
    { do: 'match', incident: incident.id, other: otherId, same, reason: '' },
    `${incident.number} and ${name} are ${same ? 'the same incident' : 'different incidents'}`,
  );
}

/** Only what is joined to the incident in hand is known by its number; a leading number may name that incident. */
const part: Reader = (fields, context) => {
  const held = context.incidents.find((one) => one.id === context.inHand);
  if (!held) return no('Open the incident first (/g 2041), then take apart what is joined to it.');
  const words = fields.words[0]?.replace('#', '') === held.number && /^#?\d+$/.test(fields.words[1] ?? '') ? fields.words.slice(1) : fields.words;
  const said = (fields.named.from ?? words[0] ?? '').replace('#', '');
  const known = context.joined.map((one) => one.number).join(', ');
  if (!known) return no(`Nothing is joined to ${held.number}, the incident in hand.`);
  const leg = context.joined.find((one) => one.number === said);
  if (!leg) return no(`${said ? `${said} is not joined to ${held.number}.` : 'Say which one.'} Joined to it: ${known}.`);
  const reason = fields.named.reason ?? words.slice(1).join(' ');
  if (!reason) return no(`Say why they are two: /part ${leg.number} reason.`);
  return yes({ do: 'unmerge', incident: held.id, other: leg.id, reason }, `Take ${leg.number} and ${held.number} apart`);
};

const wait: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  const [place = '', ...why] = (fields.named.place ?? found.rest.join(' ')).split(';');
  if (!place.trim()) return no(`Say where ${found.unit.call_sign} waits: /wait ${found.unit.call_sign} place; reason.`);
  const reason = fields.named.reason ?? why.join(';').trim();
  return yes({ do: 'wait', unit: found.unit.id, place: { text: place.trim() }, reason }, `Ask ${found.unit.call_sign} to wait at ${place.trim()}`);
};

const bookOff: Reader = (fields, context) => {
  const found = unitField(fields, context);
  if (isError(found)) return found;
  return yes({ do: 'book_off', unit: found.unit.id }, `Book ${found.unit.call_sign} off: its duty ends`);
};

const close = said('', false, (incident, text, context) => {
  const chosen = choose(context.closings, text, 'closing reason');
  if (isError(chosen)) return chosen;
  return yes({ do: 'close', incident: incident.id, reason: chosen.one.id }, `Close ${incident.number}: ${firstName(chosen.one)}`);
});

const grade = said('Say the grade: /grade 2041 2.', true, (incident, text, context) => {
  const code = context.grades.find((one) => plain(one) === plain(text));
  if (!code) return no(`“${text}” is no grade here. Known: ${context.grades.join(', ')}.`);
  return yes({ do: 'amend', incident: incident.id, changes: { grade: code } }, `${incident.number}: grade ${code}`);
});

const answer: Reader = (fields, context) => {
  const target = incidentAt(fields.words, fields, context);
  if (isError(target)) return target;
  const named = ASKED[plain(target.rest[0] ?? '')];
  const about = named ?? target.incident.owed[0] ?? 'come';
  const [word = '', ...rest] = named ? target.rest.slice(1) : target.rest;
  const decision = (['yes', 'no', 'later'] as const).find((one) => word && one.startsWith(word.toLowerCase()));
  if (!decision) return no('Answer yes, no or later: /y 2041 yes 12.');
  const minutes = /^\d{1,3}$/.test(rest[0] ?? '') ? Number(rest[0]) : null;
  if (decision === 'yes' && about === 'eta' && minutes === null) return no('Say in how many minutes: /y 2041 eta yes 12.');
  const reason = (minutes === null ? rest : rest.slice(1)).join(' ');
  if (decision === 'no' && !reason) return no('Say why not: /y 2041 no reason.');
  const said = { incident: target.incident.id, answer: decision, eta_min: minutes, reason };
  return yes(about === 'come' ? { do: 'answer', ...said } : { do: 'answer_question', about, ...said }, `Answer ${decision} on ${target.incident.number}`);
};

/** What the other room asked, as a word of `/y`; without one the oldest thing that is owed is meant. */
const ASKED: Record<string, Asking> = { come: 'come', eta: 'eta', leave: 'release', ring: 'call' };

const ask = (about: About, words: string): Reader =>
  said('', false, (one, text, context) =>
    yes({ do: 'ask', incident: one.id, about, words: text }, `Ask the ${other(context.viewer.agency)} room on ${one.number}: ${words}`));

const district: Reader = (fields, context) => {
  const [name = '', state = '', ...reason] = fields.words;
  const chosen = choose(context.districts, name, 'district');
  if (isError(chosen)) return chosen;
  const states = ['baseline', 'exercise', 'live', 'paused', 'ended'];
  const wanted = states.find((one) => state && one.startsWith(plain(state)));
  if (!wanted) return no(`Which state? ${states.join(', ')}.`);
  if (!reason.length) return no(`Say why: /state ${chosen.one.id} ${wanted} reason.`);
  return yes({ do: 'district', district: chosen.one.id, status: wanted, reason: reason.join(' ') }, `${firstName(chosen.one)}: ${wanted}`);
};

const OPENED: Record<string, string> = { clinical: 'clinical', evidence: 'police_evidence', identity: 'identity' };

/** Which fields, then why: `/glass 2041 clinical identity reason`; `/glass close` shuts what stands open. */
const glass: Reader = (fields, context) => {
  const target = incidentAt(fields.words, fields, context);
  if (isError(target)) return target;
  if (plain(target.rest.join(' ')) === 'close') {
    if (!context.glass) return no('You have no restricted fields of the incident in hand open.');
    return yes({ do: 'close_glass', incident: target.incident.id, glass: context.glass }, 'Close the restricted fields');
  }
  const after = target.rest.findIndex((word) => !(word.toLowerCase() in OPENED));
  const named = after < 0 ? target.rest : target.rest.slice(0, after);
  const reason = after < 0 ? '' : target.rest.slice(after).join(' ');
  if (!named.length || !reason) return no('Say which fields (clinical, evidence, identity) and why: /glass 2041 clinical reason. Both privacy officers are told.');
  const labels = [...new Set(named.map((word) => OPENED[word.toLowerCase()] ?? word))];
  return yes({ do: 'glass', incident: target.incident.id, labels, reason }, `Open ${named.join(' and ')} fields of ${target.incident.number}; both privacy officers are told`);
};

const show = (what: Extract<Action, { do: 'show' }>['what'], words: string): Reader => () => yes({ do: 'show', what }, words);

export const READERS: Record<string, Reader> = {
  s: status,
  a: assign,
  v: divert,
  d: standDown,
  ok: voice,
  agree: consent(true),
  object: consent(false),
  b: backup,
  rel: release,
  check,
  break: pause,
  cancel,
  x: said('Say which line to share: /x 2041 text.', true, (one, text) => yes({ do: 'line', incident: one.id, text }, `Share a line on ${one.number}`)),
  r: said('Say what is needed: /r 2041 clinician.', true, (one, text, context) =>
    yes({ do: 'request', incident: one.id, need: text }, `Ask the ${other(context.viewer.agency)} room on ${one.number}: ${text}`)),
  eta: ask('eta', 'time of arrival'),
  leave: ask('release', 'may we leave'),
  ring: ask('call', 'please ring us'),
  y: answer,
  arrived: said('', false, (one) => yes({ do: 'arrived', incident: one.id }, `Asked service arrived at ${one.number}`)),
  done: said('', false, (one) => yes({ do: 'released', incident: one.id }, `Asked service released from ${one.number}`)),
  m: match,
  part,
  on: show('crews', 'Book a crew on'),
  off: bookOff,
  wait,
  n: show('new', 'New incident'),
  paste: show('paste', 'Paste text from your own CAD'),
  g: said('', false, (one) => yes({ do: 'go', incident: one.id }, `Incident ${one.number}`)),
  card: said('', false, (one) => yes({ do: 'card', incident: one.id }, `Copy a card of ${one.number}`)),
  script: said('', false, (one) => yes({ do: 'script', incident: one.id }, `Line to read out about ${one.number}`)),
  safe: said('', false, (one, text) => yes({ do: 'scene_safe', incident: one.id, words: text }, `Scene safe at ${one.number}`)),
  hz: hazard,
  i: note,
  grade,
  share: said('', false, (one) => yes({ do: 'share', incident: one.id }, `Show ${one.number} to the other room`)),
  close,
  reopen: said('Say why it opens again: /reopen 2041 reason.', true, (one, text) => yes({ do: 'reopen', incident: one.id, reason: text }, `Re-open ${one.number}`)),
  glass,
  state: district,
  map: show('map', 'Map'),
  strip: show('strip', 'Strip beside your own CAD'),
  print: show('print', 'Print the state of now'),
  handover: show('handover', 'Handover sheet for the next dispatcher'),
  wall: show('wall', 'Wall board in a window of its own'),
  settings: show('settings', 'Settings of this desk'),
  help: show('help', 'Keys and commands'),
};
