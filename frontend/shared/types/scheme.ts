/** The scheme and its words, as `/scheme` tells them. */

export type Agency = 'police' | 'ambulance';

export type Iso = string;

export type Words = Record<string, string>;

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
  /** What its people are pointed to after a duty; `welfare` always. */
  aftercare: { about: string; name: string; contact: string }[];
  /** Examples of its incident numbers. */
  references: string[];
  /** Lines of the card that its room copies; fields in braces. */
  card: string[];
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

/** A seat of a crew rule: whose it is, and what its holder must be and hold. */
export interface SeatRule {
  seat: string;
  agency: Agency;
  roles: string[];
  qualifications: string[];
}

/** What a crew is told under one heading; without a district it holds for all. */
export interface BriefingText {
  heading: string;
  text: string;
  district: string | null;
  assumed: boolean;
}

export interface Scheme {
  name: string;
  title: string;
  version: string | number;
  time_zone: string;
  synthetic: boolean;
  exercise: boolean;
  partners: Record<Agency, Partner>;
  types: { id: string; name: string; coarse: string; score: number; codes: Record<Agency, string[]> }[];
  hazards: { code: string; name: string; holds: boolean }[];
  flags: Words;
  qualifications: Words;
  vehicles: { id: string; call_sign: string; base: string; kit: { id: string; owner: string; items: string[] }[] }[];
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
  briefing: BriefingText[];
  sites: { id: string; kind: string; name: string; lon: number; lat: number }[];
  timers: { offer_timeout_s: number; position_stale_s: number };
}
