/** One line for each unit that could be sent: every fact once. Pure. */

import type { RecommendedUnit, Shortfall, UnitRow } from '$shared/types';
import { capital, distance } from '$shared/words';

export interface SendLine {
  eta: string;
  distance: string;
  /** What speaks for it and what is short, without what its own column says. */
  why: string;
  /** Shortfalls that stop the offer. */
  stops: string[];
}

const CAVEAT = /\s*\(([^)]*)\)$/;
const DISTANCE = /^\d[\d.]* (km|m)$/;

/** `target` is where the unit would go; `unit` its row on the board, if this room sees one. */
export function sendLine(one: RecommendedUnit, target: 'scene' | 'rvp', unit: UnitRow | undefined): SendLine {
  const eta = one.eta_words.replace(CAVEAT, '').replace(/^about /, '');
  const stops = one.shortfalls.filter((short) => short.blocks);
  const said = [...one.reasons.filter((reason) => !DISTANCE.test(reason)), ...one.shortfalls.filter((short) => !short.blocks).map((short) => short.words)];
  return {
    eta: target === 'rvp' && one.eta_s !== null && !eta.includes('RVP') ? `${eta} to RVP` : eta,
    distance: distance(one.distance_m),
    why: capital([...new Set(said)].join(', ')),
    stops: stops.map((short) => stopWords(short, one, unit)),
  };
}

/** A unit that can be diverted says where it is busy; its button says the rest. */
function stopWords(short: Shortfall, one: RecommendedUnit, unit: UnitRow | undefined): string {
  if (short.code !== 'committed' || !one.divert_from || !unit) return short.words;
  return `${unit.word.charAt(0).toLowerCase()}${unit.word.slice(1)} on ${one.divert_from}`;
}

/** What holds of all arrival times, said once: `not calibrated`; empty when nothing need be said. */
export function timesCaveat(units: RecommendedUnit[]): string {
  return [...new Set(units.map((one) => CAVEAT.exec(one.eta_words)?.[1] ?? '').filter(Boolean))].join(', ');
}
