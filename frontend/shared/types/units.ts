/** Units on duty as rows of the board. */

import type { Due } from './incidents';
import type { Agency, Iso } from './scheme';

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

export interface PlannedBreak {
  at: Iso;
  ends_at: Iso;
  minutes: number;
  place: string | null;
}

/** The one person left aboard; `against` says in words what of their job bars a clinician alone. */
export interface Alone {
  seat: string;
  agency: Agency;
  role: string;
  since: Iso;
  against: string | null;
  due: Due;
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
  alone: Alone | null;
  incident_id: string | null;
  incident_number: string | null;
  position: { lon: number; lat: number; at: Iso; stale: boolean } | null;
  duty: { start: Iso; end: Iso };
  break_due_at: Iso | null;
  breaks: { planned: PlannedBreak | null; began_at: Iso | null; ended_at: Iso | null };
  offer: Offer | null;
  emergency: { at: Iso; owner: Agency | null } | null;
  released: { police: Iso | null; ambulance: Iso | null };
  backup: { agency: Agency; kind: string; at: Iso }[];
  due: Due;
  /** Where a room asks the unit to wait; `going` null: not answered yet. */
  wait: { text: string | null; lon: number | null; lat: number | null; reason: string | null; by_agency: Agency; at: Iso; going: boolean | null } | null;
  /** How many members of each service have read the briefing, and those of the own service by name. */
  briefed: Record<Agency, number>;
  briefed_names?: { name: string; at: Iso; version: number }[];
  next: string[];
  bases: Record<string, string>;
  base: string;
  /** Personal fields left out while looks cannot be put on record. */
  withheld?: string[];
}
