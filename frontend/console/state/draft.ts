/** A new incident while it is being taken down. Place and type are enough to save it. */

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
    begun_at: null,
  };
}

/** The body of `POST /incidents`; leaves out whatever was not stated. */
export function bodyOf(draft: Draft): Record<string, unknown> {
  const body: Record<string, unknown> = {
    type: draft.type,
    place: { text: draft.place.trim(), ...(draft.lon !== null && draft.lat !== null ? { lon: draft.lon, lat: draft.lat } : {}) },
    flags: [...draft.flags],
    hazards: draft.hazards.map((code) => ({ code, ...(draft.hazard_note.trim() ? { note: draft.hazard_note.trim() } : {}) })),
  };
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
  return draft.place.trim() ? '' : 'Say where.';
}
