/** What the command bar knows by name: units, incidents, statuses, hazards, reasons. */

import type { IncidentRow, Scheme, UnitRow, Viewer } from '$shared/types';
import { answerable, type Asking } from '../asking';

export interface Named {
  id: string;
  names: string[];
}

/** The world a command is read against; plain values, so that the grammar stays pure. */
export interface Context {
  viewer: Pick<Viewer, 'agency'>;
  units: { id: string; call_sign: string; offer: string | null; incident: string | null }[];
  /** `owed`: what this room can answer there, first what it should. */
  incidents: { id: string; number: string; matches: string[]; owed: Asking[] }[];
  /** What is joined to the incident in hand, and can be taken apart again. */
  joined: { id: string; number: string }[];
  statuses: Named[];
  hazards: Named[];
  declines: Named[];
  closings: Named[];
  districts: Named[];
  sites: Named[];
  grades: string[];
  /** Now, in milliseconds, and the zone that times of day are said in. */
  now: number;
  zone: string;
  /** Id of the incident in hand, used where a command leaves the number out. */
  inHand: string | null;
  /** What this person has opened of the incident in hand by break-glass. */
  glass?: string | null;
}

export function contextOf(
  scheme: Scheme | null,
  viewer: Viewer | null,
  units: Iterable<UnitRow>,
  incidents: Iterable<IncidentRow>,
  around: Pick<Context, 'inHand' | 'joined' | 'glass' | 'now'>,
): Context {
  const agency = viewer?.agency ?? 'police';
  return {
    viewer: { agency },
    units: [...units].map((unit) => ({
      id: unit.id,
      call_sign: unit.call_sign,
      offer: unit.offer?.id ?? null,
      incident: unit.incident_id,
    })),
    incidents: [...incidents].map((row) => ({
      id: row.id,
      number: row.number,
      matches: row.matches.map((match) => match.other_id),
      owed: answerable(row, agency).map((ask) => ask.about),
    })),
    ...around,
    statuses: (scheme?.statuses ?? []).map((status) => ({
      id: status.id,
      names: [status.id, status.word, status.police_word, status.ambulance_word].filter((name): name is string => !!name),
    })),
    hazards: (scheme?.hazards ?? []).map((hazard) => ({ id: hazard.code, names: [hazard.code, hazard.name] })),
    declines: named(scheme?.decline_reasons),
    closings: named(scheme?.closing_reasons),
    districts: (scheme?.districts ?? []).map((district) => ({ id: district.id, names: [district.id, district.name] })),
    sites: (scheme?.sites ?? []).map((site) => ({ id: site.id, names: [site.id, site.name] })),
    zone: scheme?.time_zone ?? 'Europe/London',
    grades: scheme?.partners[agency].grades.map((grade) => grade.code) ?? [],
  };
}

function named(words: Record<string, string> | undefined): Named[] {
  return Object.entries(words ?? {}).map(([id, name]) => ({ id, names: [id, name] }));
}

export function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[_-]+/g, ' ').replaceAll(/\s+/g, ' ').trim();
}

/** Find one thing by a word: exact, else the only one that starts so, else the only one that contains it. */
export function find(list: Named[], word: string): { one: Named } | { many: Named[] } | null {
  const wanted = plain(word);
  if (!wanted) return null;
  const by = (test: (name: string) => boolean): Named[] => list.filter((entry) => entry.names.some((name) => test(plain(name))));
  for (const found of [
    by((name) => name === wanted),
    by((name) => name.startsWith(wanted)),
    by((name) => name.split(' ').some((part) => part.startsWith(wanted))),
  ]) {
    if (found.length === 1) return { one: found[0] as Named };
    if (found.length > 1) return { many: found };
  }
  return null;
}

export function firstName(entry: Named): string {
  return entry.names[1] ?? entry.names[0] ?? entry.id;
}
