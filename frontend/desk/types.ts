/** What the pages of the desk read. */

import type { Agency, Iso } from '$shared/types';

export interface RoleRow {
  role: string;
  words: string;
  agency: Agency | null;
  purpose: string;
  own: boolean;
  grants: Record<string, string>;
  reach: { about: string; because: string }[];
  commands: string[];
}

export interface AccessTable {
  labels: string[];
  roles: RoleRow[];
}

export interface GlassEntry {
  id: string;
  labels: string[];
  at: Iso;
  until: Iso;
  incident_id: string;
  incident_number: string | null;
  agency: Agency;
  role: string;
  actor: string | null;
  reason: string;
  often: boolean;
  standing: boolean;
  closed_at: Iso | null;
  to_review: Agency[];
  reviews: { agency: Agency; finding: string; at: Iso; words: string }[];
}

export interface AccessEntry {
  at: Iso;
  recorded_at: Iso;
  kind: string;
  by: string;
  agency: string;
  role: string;
  unit_id: string | null;
  records: string[];
  labels: string[];
  fields: string[];
  purpose: string;
  justification: string;
  recipients: string[];
  late: boolean;
}

export interface CrossingMonth {
  month: string;
  since: Iso;
  until: Iso;
  counts: { kind: string; words: string; basis: string | null; purpose: string; by: Record<Agency, number>; count: number }[];
  crossings: {
    at: Iso;
    kind: string;
    basis: string | null;
    incident_id: string;
    incident_number: string | null;
    other_number: string | null;
    agency: Agency;
    role: string | null;
    labels: string[];
    actor: string | null;
  }[];
  left_out: number;
}

export interface Due {
  at: Iso;
  findings: { record_id: string; number: string; matter: string; state: string; clause: string; words: string; due_at: Iso | null; parts: number; labels: Record<string, number>; tracks: number; messages: number }[];
  holds: { hold_id: string; incidents: string[]; person: number | null; at: Iso; released_at: Iso | null; reason: string }[];
  asked: { request_id: string; incidents: string[]; person: number | null; at: Iso; reason: string }[];
}

export interface Duty {
  call_sign: string;
  district: string;
  duty_start: Iso;
  duty_end: Iso;
  booked_on_at: Iso;
  booked_off_at: Iso | null;
  seats: { seat: string; agency: Agency; role: string; qualifications: string[] }[];
  names: Record<string, string>[];
}

export interface Vehicle {
  id: string;
  registration: string;
  call_sign: string;
  base: string;
  seats: number;
  kit: { list_id: string; owner: string; items: string[] }[];
  on_duty?: { call_sign: string; district: string; until: Iso } | null;
}

export interface Figures {
  since: Iso;
  until: Iso;
  measures: { measure: string; counts: string; total: number | null; districts: { district: string; count: number | null; held_back: boolean }[] }[];
}

export interface CodedIncident {
  pseudonym: string;
  hour: Iso;
  district: string | null;
  cell: string | null;
  type: string | null;
  grade: string | null;
  flags: string[];
  joint_units: number;
  need?: string | null;
  ended?: string | null;
}

export interface CodedIncidents {
  incidents: CodedIncident[];
  left_out: number;
}

export interface AccountRow {
  id: string;
  name: string;
  full_name: string;
  employments: { agency: Agency; role: string; qualifications: string[] }[];
  disabled_at: Iso | null;
  proofs: string[];
  sessions: number;
}

export interface TabletRow {
  id: string;
  vehicle_id: string;
  label: string;
  paired_at: Iso | null;
  ended_at: Iso | null;
  ended_why: string | null;
}
