/** Exercises as `/exercise` tells them. */

import type { Agency } from '$shared/types';

export type PartId = 'police_room' | 'ambulance_room' | 'crew';
export const PARTS: PartId[] = ['police_room', 'ambulance_room', 'crew'];
export const PART_WORDS: Record<PartId, string> = { police_room: 'Police room', ambulance_room: 'Ambulance room', crew: 'Crew' };

export interface Script {
  id: string;
  title: string;
  minutes: number;
  unit: string;
  given: string;
  aims: Record<PartId, string>;
}

export interface Told {
  step: string;
  offset: string;
  to: PartId;
  words: string;
  outcome: string;
}

export interface Seat {
  code: string;
  part: PartId;
  role: string;
  page: string;
  agency: Agency;
  joined: boolean;
}

export interface Now {
  phase: 'none' | 'setting_up' | 'running' | 'paused' | 'over' | 'failed';
  run?: string;
  title?: string;
  given?: string;
  pace?: number;
  elapsed_s?: number;
  length_s?: number;
  how?: string | null;
  parts?: { part: PartId; by_people: boolean; aim: string }[];
  seats?: Seat[];
  told?: Told[];
}

export interface Run {
  run: string;
  title: string;
  people: PartId[];
  ended: string;
}

export interface Overview {
  exercises: Script[];
  now: Now;
  runs: Run[];
}

export interface Judged {
  who: PartId[];
  by_people: boolean;
  verdict: 'met' | 'late' | 'missed' | 'open';
  sentence: string;
  why: string;
}

export interface Row {
  from: 'log' | 'script';
  at: string;
  offset: string;
  agency: string;
  what: string;
  outcome?: string;
  seen: Record<PartId, string | null>;
}

export interface Debrief {
  marking: string;
  run: string;
  title: string;
  given: string;
  people: PartId[];
  ended: string;
  expectations: Judged[];
  timeline: Row[];
  notes: string[];
}

export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
