/** Incidents as rows of the board and in full, and what is recommended for one. */

import type { OpenGlass } from '../glass';
import type { Bases } from '../versions';
import type { Agency, Iso } from './scheme';

export interface Reference {
  agency: Agency;
  sender: string;
  foreign_id: string;
  grade: string | null;
  urgency: number;
  clock_start: Iso | null;
  clock_stopped_at: Iso | null;
  clock_stopped_by: string | null;
  closed_by_sender: boolean;
}

export interface Place {
  text: string;
  lon: number | null;
  lat: number | null;
  verified: boolean;
  district: string | null;
}

export interface Hazard {
  code: string;
  name: string;
  holds: boolean;
  at: Iso;
  by: string;
  note: string | null;
  cleared_at: Iso | null;
}

export type Verdict = 'yes' | 'consider' | 'no' | 'hold';

export interface Suitability {
  verdict: Verdict;
  score: number;
  sentence: string;
  nearest_miss: string | null;
}

export type AnswerWord = 'yes' | 'no' | 'later';

/** What one room answered the other; a later answer stands beside the first. */
export interface RoomAnswer {
  at: Iso;
  answer: AnswerWord;
  eta_at: Iso | null;
  reason: string | null;
}

export interface Wait {
  asked: Agency;
  by: Agency;
  need: string;
  requested_at: Iso;
  /** When it was first answered; `answer` and `eta_at` are the latest. */
  answered_at: Iso | null;
  answer: AnswerWord | null;
  eta_at: Iso | null;
  answers: RoomAnswer[];
  arrived_at: Iso | null;
  released_at: Iso | null;
  due: Due;
}

/** A time of arrival, leave to go, a call. */
export type About = 'eta' | 'release' | 'call';

export interface Question {
  id: string;
  asked: Agency;
  by: Agency;
  about: About;
  words: string | null;
  asked_at: Iso;
  answers: RoomAnswer[];
  /** Since when it needs no answer: what it asked about has happened. */
  settled_at: Iso | null;
  due: Due;
}

export interface UnitOnIncident {
  unit_id: string;
  call_sign: string;
  status: string;
  word: string;
  status_at: Iso;
  mode: string;
  eta_at: Iso | null;
}

export interface Resource {
  agency: Agency;
  call_sign: string;
  kind: string;
  status: string;
  at: Iso;
  eta_at: Iso | null;
}

export interface MatchRow {
  other_id: string;
  other_number: string;
  agency: Agency;
  score: number;
  reasons: string[];
  /** All that this viewer may see of the other report: time, coarse type, place in words. */
  started_at?: Iso;
  coarse?: string | null;
  place?: string | null;
}

/** An open offer of a unit to this incident, or how the last one ended. */
export interface OfferOnIncident {
  unit_id: string;
  call_sign: string;
  by_agency: Agency;
  state: 'open' | string;
  at: Iso;
  expires_at: Iso | null;
  reason: string | null;
}

export interface Due {
  amber_at: Iso | null;
  red_at: Iso | null;
}

export interface IncidentRow {
  id: string;
  number: string;
  phase: 'waiting' | 'active' | 'closed';
  stub: boolean;
  owner: Agency;
  joint: boolean;
  refs: Reference[];
  type: { id: string; name: string; coarse: string } | null;
  place: Place | null;
  opened_at: Iso;
  since: Iso;
  flags: string[];
  hazards: Hazard[];
  scene_safe: { at: Iso; by: string; words: string } | null;
  rvp: { name: string; lon: number; lat: number } | null;
  candidate: { rule: string; sentence: string } | null;
  visible_to: Agency[];
  suitability: Suitability;
  waits: Wait[];
  questions: Question[];
  units: UnitOnIncident[];
  offers?: OfferOnIncident[];
  resources: Resource[];
  matches: MatchRow[];
  due: Due;
  closed_at: Iso | null;
  /** One entry: by field, the mark of what the own service would replace. */
  bases: Bases[];
  /** Personal fields left out while looks cannot be put on record. */
  withheld?: string[];
}

export interface LogLine {
  at: Iso;
  recorded_at: Iso;
  agency: Agency | 'joint' | 'system';
  by: string;
  sentence: string;
  label: string;
  late: boolean;
}

export interface Outcome {
  need: string;
  ended: string;
  risk_arrival: string | null;
  risk_leaving: string | null;
  contexts: { code: string; source: string }[];
}

export interface Person {
  person: number;
  disposal: string;
  conveyed_by: string | null;
  destination: string | null;
  custody: boolean;
  s136: boolean;
}

export interface OwnValues {
  grade: string | null;
  type: string | null;
  place: { text: string; lon: number | null; lat: number | null } | null;
  flags: string[] | null;
}

export interface IncidentFull extends IncidentRow {
  log: LogLine[];
  suitability_full:
    | (Suitability & {
        gates: { gate: string; passed: boolean; effect: string; words: string }[];
        factors: { factor: string; value: number; words: string }[];
        version: string | number;
      })
    | null;
  lines: { at: Iso; agency: Agency; text: string }[];
  remarks: { at: Iso; text: string; label: string }[];
  caller: { name: string | null; phone: string | null } | null;
  merged: { id: string; number: string; agency: Agency; by: Agency; at: Iso }[];
  outcome: Outcome | null;
  persons: Person[];
  /** One entry: what the own service's room has set. */
  own: OwnValues[];
  hours: { police_s: number; ambulance_s: number } | null;
  /** What this viewer has opened of it by break-glass. */
  glass: OpenGlass | null;
}

export interface Shortfall {
  code: string;
  words: string;
  blocks: boolean;
}

export interface RecommendedUnit {
  rank: number;
  unit_id: string;
  call_sign: string;
  eta_s: number | null;
  eta_words: string;
  distance_m: number | null;
  method: string;
  joint_complete: boolean;
  can_offer: boolean;
  reasons: string[];
  shortfalls: Shortfall[];
  sentence: string;
  divert_from: string | null;
}

export interface Recommendation {
  incident_id: string;
  computed_at: Iso;
  verdict: Verdict;
  sentence: string;
  nearest_miss: string | null;
  target: 'scene' | 'rvp';
  rvp: { name: string; lon: number; lat: number } | null;
  units: RecommendedUnit[];
  otherwise: Partial<Record<Agency, string | null>>;
  rule: string;
  refusal: string | null;
}
