/** A new incident while it is being taken down. Place and type are enough to save it. */

import { zoneTime } from '$shared/zones';
import { LONGEST, type Found } from '../paste';

export interface Draft {
  shown: boolean;
  type: string;
  place: string;
  lon: number | null;
  lat: number | null;
  grade: string;
  foreign_id: string;
  remarks: string;
  caller_name: string;
  caller_phone: string;
  flags: string[];
  hazards: string[];
  hazard_note: string;
  /** Local time of the first report as `23:38` or `23:38:05`; empty when it is now. */
  reported: string;
  /** Fields recognised in pasted text that nobody has confirmed yet. */
  pasted: string[];
  begun_at: string | null;
}

export function emptyDraft(): Draft {
  return {
    shown: true,
    type: '',
    place: '',
    lon: null,
    lat: null,
    grade: '',
    foreign_id: '',
    remarks: '',
    caller_name: '',
    caller_phone: '',
    flags: [],
    hazards: [],
    hazard_note: '',
    reported: '',
    pasted: [],
    begun_at: null,
  };
}

/** A draft with pasted text: what is there stays, what is recognised fills the empty fields, and all else is a remark. */
export function withPasted(before: Draft, found: Found, rest: string, text: string): Draft | null {
  const began = isEmpty(before);
  const added = began ? rest : text.trim();
  const remarks = [before.remarks.trim(), added].filter(Boolean).join('\n');
  if (remarks.length > LONGEST) return null;
  const open = Object.entries(found).filter(([name]) => !hasValue(before[name as keyof Draft]));
  // The note belongs to the hazards, and is checked with them.
  const marked = open.map(([name]) => name).filter((name) => name !== 'hazard_note');
  return { ...before, ...Object.fromEntries(open), remarks, pasted: [...new Set([...before.pasted, ...marked])] };
}

function isEmpty(draft: Draft): boolean {
  const { shown: _shown, begun_at: _begun, pasted: _pasted, ...typed } = draft;
  return !Object.values(typed).some(hasValue);
}

const hasValue = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== '' && value !== null);

/** An address put on the map by a part of it: its words stay; where only its town is known, they say so to everybody. */
export function placedAt(address: string, name: string, precision: string): string {
  const words = address.replace(/ \(on the map: [^()]*\)$/, '').trim();
  return precision === 'town' ? `${words.slice(0, 180 - name.length)} (on the map: ${name})` : words;
}

const REPORTED = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** The newest moment, not after now, at which the zone's clock showed the time of the report; null without one. */
function reportedAt(draft: Draft, zone: string, now: number): string | null {
  const read = REPORTED.exec(draft.reported.trim());
  if (!read) return null;
  const time = { hour: Number(read[1]), minute: Number(read[2]) };
  const moment = [0, -1].map((days) => zoneTime(now, days, time, zone) + Number(read[3] ?? 0) * 1000).find((one) => one <= now);
  return moment === undefined ? null : new Date(moment).toISOString();
}

/** The body of `POST /incidents`; leaves out whatever was not stated. */
export function bodyOf(draft: Draft, zone: string, now: number): Record<string, unknown> {
  const body: Record<string, unknown> = {
    type: draft.type,
    place: { text: draft.place.trim(), ...(draft.lon !== null && draft.lat !== null ? { lon: draft.lon, lat: draft.lat } : {}) },
    flags: [...draft.flags],
    hazards: draft.hazards.map((code) => ({ code, ...(draft.hazard_note.trim() ? { note: draft.hazard_note.trim() } : {}) })),
  };
  const reported = reportedAt(draft, zone, now);
  if (reported) body.clock_start = reported;
  if (draft.grade) body.grade = draft.grade;
  if (draft.foreign_id.trim()) body.foreign_id = draft.foreign_id.trim();
  if (draft.remarks.trim()) body.remarks = draft.remarks.trim();
  if (draft.caller_name.trim() || draft.caller_phone.trim()) {
    body.caller = { name: draft.caller_name.trim(), phone: draft.caller_phone.trim() };
  }
  return body;
}

/** What is still missing, as one sentence, or an empty text. */
export function missing(draft: Draft): string {
  if (!draft.type && !draft.place.trim()) return 'A type and a place are enough to save.';
  if (!draft.type) return 'Choose a type.';
  if (!draft.place.trim()) return 'Say where.';
  return draft.reported.trim() && !REPORTED.test(draft.reported.trim()) ? 'Give the time of the report as hours and minutes, such as 23:38, or leave it empty.' : '';
}
