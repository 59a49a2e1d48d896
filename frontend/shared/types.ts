/** The shapes of `/api/v1`. Times are ISO 8601 UTC strings, ids are prefixed strings. */

import type { OpenGlass } from './glass';

export type Agency = 'police' | 'ambulance';
export type Iso = string;

export interface Viewer {
  name: string;
  agency: Agency;
  role: string;
  unit_id: string | null;
  call_sign: string | null;
}

export interface DemoRole {
  id: string;
  name: string;
  agency: Agency;
  place: 'console' | 'crew' | string;
  unit: string | null;
}

export interface Session {
  demo: boolean;
  synthetic: boolean;
  viewer: Viewer | null;
  roles?: DemoRole[];
  directories?: { agency: Agency; name: string }[];
}

export interface Grade {
  code: string;
  name: string;
  urgency: number;
}

export interface Partner {
  name: string;
  short_name: string;
  grades: Grade[];
  talkgroup?: string | null;
  direct_line?: string | null;
}

export interface StatusWord {
  id: string;
  word: string;
  police_code: string | null;
  police_word: string | null;
  ambulance_word: string | null;
  follows: string[];
  on_incident: boolean;
  available: boolean;
  divertible: boolean;
  amber_s: number | null;
  red_s: number | null;
}

export interface DistrictState {
  id: string;
  name: string;
  base: string;
  crew_rule: string;
  /** Usual local start and end of a duty, such as 18:00 and 02:00. */
  duty: { start: string; end: string };
  status: 'baseline' | 'exercise' | 'live' | 'paused' | 'ended';
  since: Iso | null;
  by: string | null;
  reason: string | null;
}

export type Words = Record<string, string>;

/** A seat of a crew rule: whose it is, and what its holder must be and hold. */
export interface SeatRule {
  seat: string;
  agency: Agency;
  roles: string[];
  qualifications: string[];
}

export interface Scheme {
  name: string;
  title: string;
  version: string | number;
  time_zone: string;
  synthetic: boolean;
  partners: Record<Agency, Partner>;
  types: { id: string; name: string; coarse: string; score: number }[];
  hazards: { code: string; name: string; holds: boolean }[];
  flags: Words;
  qualifications: Words;
  vehicles: { id: string; call_sign: string; base: string }[];
  crew_rules: Record<string, SeatRule[]>;
  statuses: StatusWord[];
  districts: DistrictState[];
  closing_reasons: Words;
  decline_reasons: Words;
  outcome_codes: {
    need: Words;
    ended: Words;
    risk: Words;
    context: Words;
    disposal: Words;
    conveyed_by: Words;
  };
  sites: { id: string; kind: string; name: string; lon: number; lat: number }[];
  timers: { offer_timeout_s: number; position_stale_s: number };
}

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

export interface Wait {
  asked: Agency;
  by: Agency;
  need: string;
  requested_at: Iso;
  answered_at: Iso | null;
  answer: 'yes' | 'no' | 'later' | null;
  eta_at: Iso | null;
  arrived_at: Iso | null;
  released_at: Iso | null;
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
  units: UnitOnIncident[];
  offers?: OfferOnIncident[];
  resources: Resource[];
  matches: MatchRow[];
  due: Due;
  closed_at: Iso | null;
  base: string;
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

export interface Seat {
  seat: string;
  agency: Agency;
  role: string;
  name: string | null;
  present: boolean;
  left_reason: string | null;
}

export interface Offer {
  id: string;
  incident_id: string;
  incident_number: string;
  type: string | null;
  place: string | null;
  by_agency: Agency;
  made_at: Iso;
  expires_at: Iso;
  target: 'scene' | 'rvp';
  rule: string;
  /** The room that must agree first; null when none must, or when it has agreed. */
  consent_of?: Agency | null;
}

export interface UnitRow {
  id: string;
  call_sign: string;
  district: string;
  vehicle_id: string;
  status: string;
  word: string;
  police_code: string | null;
  police_word: string | null;
  ambulance_word: string | null;
  status_at: Iso;
  late: boolean;
  seats: Seat[];
  joint_complete: boolean;
  capability: string;
  incident_id: string | null;
  incident_number: string | null;
  position: { lon: number; lat: number; at: Iso; stale: boolean } | null;
  duty: { start: Iso; end: Iso };
  break_due_at: Iso | null;
  offer: Offer | null;
  emergency: { at: Iso; owner: Agency | null } | null;
  released: { police: Iso | null; ambulance: Iso | null };
  backup: { agency: Agency; kind: string; at: Iso }[];
  due: Due;
  next: string[];
  base: string;
}

export interface Feed {
  agency: Agency;
  sender: string;
  last_at: Iso | null;
  silent: boolean;
}

/** An opening of restricted fields that the own service has yet to review; for privacy officers. */
export interface GlassAlert {
  id: string;
  labels: string[];
  at: Iso;
  until: Iso;
  agency: Agency;
  often: boolean;
}

export interface Board {
  now: Iso;
  rate: number;
  synthetic: boolean;
  cursor: string;
  feeds: Feed[];
  incidents: IncidentRow[];
  units: UnitRow[];
  alerts?: GlassAlert[];
}

export interface Change {
  now: Iso;
  rate: number;
  incidents?: IncidentRow[];
  units?: UnitRow[];
  gone?: string[];
  alerts?: GlassAlert[];
}

export interface Told {
  outcome: Record<string, string>;
  told: string;
  cursor: string;
}
