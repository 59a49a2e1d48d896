/** Everything a dispatcher can do. Keys, commands and the pointer all end in one of these. */

import type { About, Agency, AnswerWord, NoteLabel } from '$shared/types';
import type { Bases } from '$shared/versions';

export interface OutcomeDraft {
  need: string;
  ended: string;
  risk_arrival: string;
  risk_leaving: string;
  contexts: { code: string; source: string }[];
}

export interface PersonDraft {
  person: number;
  disposal: string;
  conveyed_by: string | null;
  destination: string | null;
  custody: boolean;
  s136: boolean;
}

/** What a room sets anew of its own incident; what is left out stays. */
export interface Changes {
  grade?: string;
  type?: string;
  place?: { text: string; lon?: number; lat?: number };
  flags?: string[];
}

export type Action =
  | { do: 'offer'; unit: string; incident: string }
  | { do: 'divert'; unit: string; incident: string; reason: string }
  | { do: 'answer_offer'; unit: string; offer: string; answer: 'accept' | 'decline'; reason?: string }
  | { do: 'consent'; unit: string; offer: string; consent: boolean }
  | { do: 'withdraw'; unit: string; offer: string; reason: string }
  | { do: 'status'; unit: string; status: string; leg?: string }
  | { do: 'stand_down'; unit: string; reason: string }
  | { do: 'release'; unit: string; agency: Agency }
  | { do: 'backup'; unit: string; agency: Agency; kind: string }
  | { do: 'check'; unit: string }
  | { do: 'break'; unit: string; starts_at: string; minutes: number | null; site: string; base?: Bases }
  | { do: 'cancel_break'; unit: string; base?: Bases }
  | { do: 'cancel_emergency'; unit: string }
  | { do: 'share'; incident: string }
  | { do: 'line'; incident: string; text: string }
  | { do: 'note'; incident: string; text: string; label: NoteLabel }
  | { do: 'hazard'; incident: string; code: string; note: string }
  | { do: 'clear_hazard'; incident: string; code: string; reason: string }
  | { do: 'scene_safe'; incident: string; words: string }
  | { do: 'request'; incident: string; need: string }
  | { do: 'answer'; incident: string; answer: AnswerWord; eta_min: number | null; reason: string }
  | { do: 'ask'; incident: string; about: About; words: string }
  | { do: 'answer_question'; incident: string; about: About; answer: AnswerWord; eta_min: number | null; reason: string }
  | { do: 'arrived'; incident: string }
  | { do: 'released'; incident: string }
  | { do: 'match'; incident: string; other: string; same: boolean; reason: string }
  | { do: 'unmerge'; incident: string; other: string; reason: string }
  | { do: 'resource'; incident: string; call_sign: string; kind: string; status: string; eta_min: number | null }
  | { do: 'stand_down_resource'; incident: string; call_sign: string; reason: string }
  | { do: 'amend'; incident: string; changes: Changes; base?: Bases }
  | { do: 'outcome'; incident: string; outcome: OutcomeDraft; base?: Bases }
  | { do: 'person'; incident: string; person: PersonDraft; base?: Bases }
  | { do: 'close'; incident: string; reason: string }
  | { do: 'reopen'; incident: string; reason: string }
  | { do: 'glass'; incident: string; labels: string[]; reason: string }
  | { do: 'close_glass'; incident: string; glass: string }
  | { do: 'district'; district: string; status: string; reason: string }
  | { do: 'book_on'; body: Record<string, unknown> }
  | { do: 'book_off'; unit: string }
  | { do: 'wait'; unit: string; place: { text: string; lon?: number; lat?: number }; reason: string; base?: Bases }
  | { do: 'create'; body: Record<string, unknown> }
  | { do: 'go'; incident: string }
  | { do: 'card'; incident: string }
  | { do: 'script'; incident: string }
  | { do: 'show'; what: 'map' | 'window' | 'help' | 'match' | 'new' | 'crews' | 'print' | 'theme' | 'settings' | 'handover' | 'wall' | 'strip' | 'paste' };

/** The parts of a request: where it goes and what it says. */
export interface Call {
  path: string;
  body: Record<string, unknown>;
}

const unit = (id: string): string => `/units/${encodeURIComponent(id)}`;
const incident = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

/** What only changes this screen. */
type Own = Extract<Action, { do: 'go' | 'show' | 'card' | 'script' }>;
type Sent = Exclude<Action, Own>;
type Maker<K extends Sent['do']> = (action: Extract<Sent, { do: K }>) => Call;

const CALLS: { [K in Sent['do']]: Maker<K> } = {
  offer: (a) => ({ path: `${unit(a.unit)}/offers`, body: { incident_id: a.incident } }),
  divert: (a) => ({ path: `${unit(a.unit)}/divert`, body: { incident_id: a.incident, reason: a.reason } }),
  answer_offer: (a) => ({
    path: `${unit(a.unit)}/offers/${encodeURIComponent(a.offer)}/answer`,
    body: { answer: a.answer, by_voice: true, ...(a.reason ? { reason: a.reason } : {}) },
  }),
  consent: (a) => ({ path: `${unit(a.unit)}/offers/${encodeURIComponent(a.offer)}/consent`, body: { consent: a.consent } }),
  withdraw: (a) => ({ path: `${unit(a.unit)}/offers/${encodeURIComponent(a.offer)}/withdraw`, body: { reason: a.reason } }),
  status: (a) => ({ path: `${unit(a.unit)}/status`, body: { status: a.status, ...(a.leg ? { leg: a.leg } : {}) } }),
  stand_down: (a) => ({ path: `${unit(a.unit)}/stand-down`, body: { reason: a.reason } }),
  release: (a) => ({ path: `${unit(a.unit)}/release`, body: { agency: a.agency } }),
  backup: (a) => ({ path: `${unit(a.unit)}/backup`, body: { agency: a.agency, kind: a.kind } }),
  check: (a) => ({ path: `${unit(a.unit)}/check`, body: {} }),
  break: (a) => ({ path: `${unit(a.unit)}/break`, body: trimmed({ starts_at: a.starts_at, minutes: a.minutes, site: a.site }) }),
  cancel_break: (a) => ({ path: `${unit(a.unit)}/break/cancel`, body: {} }),
  cancel_emergency: (a) => ({ path: `${unit(a.unit)}/emergency/cancel`, body: { voice_contact: true } }),
  share: (a) => ({ path: `${incident(a.incident)}/share`, body: {} }),
  line: (a) => ({ path: `${incident(a.incident)}/lines`, body: { text: a.text } }),
  note: (a) => ({ path: `${incident(a.incident)}/notes`, body: { text: a.text, label: a.label } }),
  hazard: (a) => ({ path: `${incident(a.incident)}/hazards`, body: { code: a.code, ...(a.note ? { note: a.note } : {}) } }),
  clear_hazard: (a) => ({ path: `${incident(a.incident)}/hazards/${encodeURIComponent(a.code)}/clear`, body: { reason: a.reason } }),
  scene_safe: (a) => ({ path: `${incident(a.incident)}/scene-safe`, body: a.words ? { words: a.words } : {} }),
  request: (a) => ({ path: `${incident(a.incident)}/requests`, body: { need: a.need } }),
  answer: (a) => ({ path: `${incident(a.incident)}/requests/answer`, body: trimmed({ answer: a.answer, eta_min: a.eta_min, reason: a.reason }) }),
  ask: (a) => ({ path: `${incident(a.incident)}/questions`, body: trimmed({ about: a.about, words: a.words }) }),
  answer_question: (a) => ({
    path: `${incident(a.incident)}/questions/answer`,
    body: trimmed({ about: a.about, answer: a.answer, eta_min: a.eta_min, reason: a.reason }),
  }),
  arrived: (a) => ({ path: `${incident(a.incident)}/requests/arrive`, body: {} }),
  released: (a) => ({ path: `${incident(a.incident)}/requests/release`, body: {} }),
  match: (a) => ({
    path: `${incident(a.incident)}/match`,
    body: { other_id: a.other, decision: a.same ? 'same' : 'different', ...(a.reason ? { reason: a.reason } : {}) },
  }),
  unmerge: (a) => ({ path: `${incident(a.incident)}/unmerge`, body: { other_id: a.other, reason: a.reason } }),
  resource: (a) => ({
    path: `${incident(a.incident)}/resources`,
    body: { call_sign: a.call_sign, kind: a.kind, status: a.status, ...(a.eta_min !== null ? { eta_min: a.eta_min } : {}) },
  }),
  stand_down_resource: (a) => ({
    path: `${incident(a.incident)}/resources/${encodeURIComponent(a.call_sign)}/stand-down`,
    body: { reason: a.reason },
  }),
  amend: (a) => ({ path: `${incident(a.incident)}/update`, body: { ...a.changes } }),
  outcome: (a) => ({ path: `${incident(a.incident)}/outcome`, body: { ...a.outcome } }),
  person: (a) => ({ path: `${incident(a.incident)}/persons`, body: trimmed({ ...a.person }) }),
  close: (a) => ({ path: `${incident(a.incident)}/close`, body: { reason: a.reason } }),
  reopen: (a) => ({ path: `${incident(a.incident)}/reopen`, body: { reason: a.reason } }),
  glass: (a) => ({ path: `${incident(a.incident)}/glass`, body: { labels: a.labels, reason: a.reason } }),
  close_glass: (a) => ({ path: `/glass/${encodeURIComponent(a.glass)}/close`, body: {} }),
  district: (a) => ({ path: `/districts/${encodeURIComponent(a.district)}/state`, body: { status: a.status, reason: a.reason } }),
  book_on: (a) => ({ path: '/units', body: a.body }),
  book_off: (a) => ({ path: `${unit(a.unit)}/book-off`, body: {} }),
  wait: (a) => ({ path: `${unit(a.unit)}/wait`, body: { place: a.place, ...(a.reason ? { reason: a.reason } : {}) } }),
  create: (a) => ({ path: '/incidents', body: a.body }),
};

function trimmed(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== ''));
}

/** The request for an action, or null when the action only changes this screen. */
export function callFor(action: Action): Call | null {
  if (!(action.do in CALLS)) return null;
  const make = CALLS[action.do as Sent['do']] as (action: Action) => Call;
  const call = make(action);
  return 'base' in action && action.base ? { ...call, body: { ...call.body, base: action.base } } : call;
}

/** The incident or unit that an action is about. */
export function aboutOf(action: Action): string {
  if ('incident' in action) return action.incident;
  return 'unit' in action ? action.unit : '';
}

/** The fields whose values an action puts in another's place; none for what only adds to the record. */
export function fieldsOf(action: Action): string[] {
  switch (action.do) {
    case 'amend':
      return Object.keys(action.changes);
    case 'person':
      return [`person.${action.person.person}`];
    case 'break':
    case 'cancel_break':
      return ['break'];
    case 'outcome':
    case 'wait':
      return [action.do];
    default:
      return [];
  }
}

/** An action without one of its fields; null when nothing of it is left. */
export function without(action: Action, field: string): Action | null {
  if (action.do !== 'amend') return null;
  const changes: Changes = Object.fromEntries(Object.entries(action.changes).filter(([name]) => name !== field));
  return Object.keys(changes).length ? { ...action, changes } : null;
}
