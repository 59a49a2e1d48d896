/** What a room changes of its own incident while it is typed. Pure. */

import type { OwnValues } from '$shared/types';
import type { Bases } from '$shared/versions';
import type { Changes } from '../actions';

export interface Amendment {
  /** What stood on the screen when it was begun, and the marks of that. */
  from: OwnValues;
  base: Bases;
  grade: string;
  type: string;
  place: string;
  lon: number | null;
  lat: number | null;
  flags: string[];
}

export const AMENDED = ['grade', 'type', 'place', 'flags'] as const;

export function beginAmendment(from: OwnValues, base: Bases): Amendment {
  const { place } = from;
  return {
    from,
    base,
    grade: from.grade ?? '',
    type: from.type ?? '',
    place: place?.text ?? '',
    lon: place?.lon ?? null,
    lat: place?.lat ?? null,
    flags: [...(from.flags ?? [])],
  };
}

/** What differs from what stood there; nothing else is sent, so that nothing else is replaced. */
export function changesOf(now: Amendment): Changes {
  const { from } = now;
  const text = now.place.trim();
  const moved = text !== (from.place?.text ?? '') || now.lon !== (from.place?.lon ?? null) || now.lat !== (from.place?.lat ?? null);
  const flags = [...now.flags].sort();
  return {
    ...(now.grade && now.grade !== from.grade ? { grade: now.grade } : {}),
    ...(now.type && now.type !== from.type ? { type: now.type } : {}),
    ...(text && moved ? { place: { text, ...(now.lon !== null && now.lat !== null ? { lon: now.lon, lat: now.lat } : {}) } } : {}),
    ...(flags.join(' ') !== [...(from.flags ?? [])].sort().join(' ') ? { flags } : {}),
  };
}

/** The fields that somebody else has changed since it was begun. */
export function changedMeanwhile(now: Amendment, base: Bases | undefined): string[] {
  return base ? AMENDED.filter((field) => base[field] !== now.base[field]) : [];
}
