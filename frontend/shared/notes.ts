/** Who reads a note, by its label, in words and as the edge of its field. Pure. */

import type { NoteLabel, Viewer } from './types';

export interface NoteReaders {
  id: NoteLabel;
  words: string;
  edge: 'both' | 'police' | 'ambulance';
}

/** The labels that the server lets this viewer write under, the one that both services read first. */
export function noteReaders(viewer: Viewer | null): NoteReaders[] {
  const mine = viewer?.agency ?? 'police';
  const all: NoteReaders[] = [
    { id: 'operational', words: 'Operational: both services read it', edge: 'both' },
    { id: 'clinical', words: 'Clinical: paramedic and ambulance service only', edge: 'ambulance' },
    { id: 'police_evidence', words: 'Evidence: police only', edge: 'police' },
    { id: 'identity', words: `Names and contacts: ${mine} service only`, edge: mine },
  ];
  // A page kept from an older server says nothing of it: then a note is one that everybody reads.
  const may = viewer?.notes ?? ['operational'];
  return all.filter((one) => may.includes(one.id));
}
