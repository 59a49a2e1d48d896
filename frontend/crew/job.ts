/** What the crew's screen says: the next step, its words, distances. Pure. */

import type { IncidentRow, UnitRow } from '$shared/types';

const SAID: Record<string, string> = {
  readying: 'Start vehicle check',
  available: 'Available again',
  meal: 'Meal break',
  assigned: 'Assigned',
  mobile: 'On our way',
  rvp: 'Arrived at RVP',
  scene: 'Arrived on scene',
  patient: 'At patient',
  transport: 'Leaving scene',
  destination: 'Arrived at destination',
  handover: 'Handing over',
  clearing: 'Clearing',
  vor: 'Vehicle off road',
  off: 'Book off',
};

export function stepWords(id: string, word: string): string {
  return SAID[id] ?? word;
}

/** True while a unit in this status drives to somewhere: then the screen says little, and positions come often. */
export function onTheWay(status: string): boolean {
  return status === 'mobile' || status === 'transport';
}

/** True while a clinician must wait at the rendezvous point. */
export function holds(row: IncidentRow): boolean {
  return row.suitability.verdict === 'hold' || (row.scene_safe === null && row.hazards.some((hazard) => hazard.holds && !hazard.cleared_at));
}

/** The one status for the big button: the usual next one, the rendezvous first while the scene is not safe. */
export function nextStep(unit: UnitRow, row: IncidentRow | null): string | null {
  const usual = unit.next.filter((id) => id !== 'emergency' && id !== 'offered');
  if (row && holds(row) && usual.includes('rvp')) return 'rvp';
  if (row && unit.status === 'rvp' && holds(row)) return usual.find((id) => id !== 'scene') ?? null;
  return usual[0] ?? null;
}

/** Great-circle distance in metres (haversine, sphere of 6,371 km). */
export function metresBetween(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h));
}

export interface Near {
  row: IncidentRow;
  distance_m: number | null;
}

const RANK: Record<string, number> = { hold: 0, yes: 0, consider: 1, no: 2 };

/** Candidates for "We're going": suitable first, then near. Those judged `no` are left out. */
export function candidates(rows: Iterable<IncidentRow>, from: { lon: number; lat: number } | null): Near[] {
  return [...rows]
    .filter((row) => row.phase === 'waiting' && row.suitability.verdict !== 'no')
    .map((row) => ({ row, distance_m: distanceTo(row, from) }))
    .sort((a, b) => (RANK[a.row.suitability.verdict] ?? 3) - (RANK[b.row.suitability.verdict] ?? 3) || (a.distance_m ?? 1e9) - (b.distance_m ?? 1e9));
}

export function distanceTo(row: IncidentRow, from: { lon: number; lat: number } | null): number | null {
  if (!from || row.place?.lon == null || row.place.lat == null) return null;
  return metresBetween(from, { lon: row.place.lon, lat: row.place.lat });
}
