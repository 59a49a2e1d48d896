/** Break-glass in words: which restricted fields can be opened, and what stands open now. */

import type { Agency, Iso } from './types';
import { plainWords } from './words';

export type Breakable = 'clinical' | 'police_evidence' | 'identity';

/** What a viewer has opened of one incident. */
export interface OpenGlass {
  id: string;
  labels: Breakable[];
  at: Iso;
  until: Iso;
}

const LEAST_REASON = 10;
export const BOTH_TOLD = 'The privacy officers of both services are told at once, with your reason, and each reviews it. It ends by itself after 30 minutes.';

/** The clock on the screen moves once a second: half an hour that has just begun is not 31 minutes. */
const SLIP_MS = 2_000;

const WORDS: Record<string, string> = {
  clinical: 'clinical fields',
  police_evidence: 'police evidence',
  identity: 'names, callers and contacts',
};

export const BREAKABLE: { label: Breakable; words: string }[] = [
  { label: 'clinical', words: 'Clinical: observations, treatment, where the patient went' },
  { label: 'police_evidence', words: 'Police evidence: arrests, force, section 136, video' },
  { label: 'identity', words: 'Identity: names, callers, contacts, remarks of both rooms' },
];

/** `clinical fields and police evidence`. */
export function labelWords(labels: readonly string[]): string {
  return labels.map((label) => WORDS[label] ?? plainWords(label)).join(' and ');
}

/** Whole minutes left, the one that has begun counted; 0 when it has ended. */
export function minutesLeft(until: Iso, nowMs: number): number {
  const left = Date.parse(until) - nowMs;
  return left <= 0 ? 0 : Math.max(1, Math.ceil((left - SLIP_MS) / 60_000));
}

/** True once the time of an opening is over, whatever the server was last heard to say. */
export function isOver(glass: OpenGlass | null | undefined, nowMs: number): boolean {
  return !!glass && Date.parse(glass.until) <= nowMs;
}

/** Why an opening cannot be asked for yet, or an empty text. */
export function glassRefusal(labels: readonly string[], reason: string): string {
  if (!labels.length) return 'Choose which fields you need.';
  return reason.trim().length < LEAST_REASON ? `Say in at least ${LEAST_REASON} characters why you need them now.` : '';
}

/** Whose records the opened labels show beyond the viewer's own; none when only names were opened. */
export function otherPart(labels: readonly string[], mine: Agency): Agency | null {
  if (mine === 'police') return labels.includes('clinical') ? 'ambulance' : null;
  return labels.includes('police_evidence') ? 'police' : null;
}
