/** Who is looking, as `/session` tells it. */

import type { Agency, Iso } from './scheme';

export type NoteLabel = 'operational' | 'clinical' | 'police_evidence' | 'identity';

export interface Viewer {
  name: string;
  agency: Agency;
  role: string;
  unit_id: string | null;
  call_sign: string | null;
  /** The labels under which this viewer may write notes. */
  notes: NoteLabel[];
  /** Somebody else took this viewer's seat of a unit that is on duty. */
  relieved: { call_sign: string; at: Iso } | null;
}

export interface DemoRole {
  id: string;
  name: string;
  agency: Agency;
  place: 'console' | 'crew' | string;
  unit: string | null;
}

export interface Session {
  demo: boolean;
  synthetic: boolean;
  exercise: boolean;
  viewer: Viewer | null;
  roles?: DemoRole[];
  directories?: { agency: Agency; name: string }[];
}
