/** The board, what changes on it, and what a command is answered with. */

import type { IncidentRow } from './incidents';
import type { Agency, Iso } from './scheme';
import type { UnitRow } from './units';

export interface Feed {
  agency: Agency;
  sender: string;
  last_at: Iso | null;
  silent: boolean;
}

/** An opening of restricted fields that the own service has yet to review; for privacy officers. */
export interface GlassAlert {
  id: string;
  labels: string[];
  at: Iso;
  until: Iso;
  agency: Agency;
  often: boolean;
}

export interface Board {
  now: Iso;
  rate: number;
  synthetic: boolean;
  exercise: boolean;
  cursor: string;
  feeds: Feed[];
  /** When a device showed that the server was restored from an older copy. */
  restored_at: Iso | null;
  incidents: IncidentRow[];
  units: UnitRow[];
  alerts?: GlassAlert[];
}

export interface Change {
  now: Iso;
  rate: number;
  incidents?: IncidentRow[];
  units?: UnitRow[];
  gone?: string[];
  alerts?: GlassAlert[];
}

export interface Told {
  outcome: Record<string, string>;
  told: string;
  cursor: string;
}

/** A desk of a room that has an incident open, and the field that it is changing. */
export interface DeskHere {
  agency: Agency;
  desk: number;
  incident_id: string;
  field: string | null;
}
