/** Codes of the desk's pages in words. */

export const FINDINGS: Record<string, string> = {
  justified: 'Justified',
  not_justified: 'Not justified',
  follow_up: 'Something has to follow',
};

export const KINDS: Record<string, string> = {
  collection: 'recorded',
  alteration: 'changed',
  consultation: 'looked at',
  disclosure: 'passed on',
  combination: 'joined or parted',
  erasure: 'erased',
};

export const LABELS: Record<string, { name: string; holds: string }> = {
  operational: { name: 'Operational', holds: 'place, type, status, times, numbers' },
  safety: { name: 'Safety', holds: 'weapons, violence, infection, gas; always for both' },
  identity: { name: 'Identity', holds: 'names, callers, contacts' },
  clinical: { name: 'Clinical', holds: 'observations, treatment' },
  police_intel: { name: 'Police intelligence', holds: 'intelligence, its source' },
  police_evidence: { name: 'Police evidence', holds: 'arrests, force, statements, video' },
  staff: { name: 'Staff', holds: 'duties, names of crews' },
  statistics: { name: 'Statistics', holds: 'counts without persons' },
};

export const GRANTS: Record<string, string> = {
  r: 'reads',
  rw: 'reads and writes',
  own: 'reads own service’s',
  'own open': 'reads own service’s, while open',
  'own rw': 'reads and writes own service’s',
};

export const STATES: Record<string, string> = { due: 'Due', held: 'Kept by a hold', review: 'To be reviewed', queued: 'Waits' };

export const HELD_BACK = 'fewer than 5 or held back';
