/** The briefing of a district in the order IIMARCH, and who has read it. Pure. */

import type { BriefingText, UnitRow } from '$shared/types';

const HEADINGS: Record<string, string> = {
  information: 'Information',
  intention: 'Intention',
  method: 'Method',
  administration: 'Administration',
  risk_assessment: 'Risk assessment',
  communications: 'Communications',
  human_rights: 'Humanitarian and human rights',
};

/** One text under each heading: that of the district, else that for all. */
export function textsFor(briefing: BriefingText[], district: string): (BriefingText & { words: string })[] {
  return Object.entries(HEADINGS).flatMap(([heading, words]) => {
    const mine = briefing.filter((one) => one.heading === heading);
    const found = mine.find((one) => one.district === district) ?? mine.find((one) => one.district === null);
    return found ? [{ ...found, words }] : [];
  });
}

/** `1 police and 0 ambulance`, with the names that this viewer is told. */
export function briefedBy(unit: Partial<Pick<UnitRow, 'briefed' | 'briefed_names'>>): string {
  // A row without its personal fields, or one that a device kept from before, has neither.
  const names = (unit.briefed_names ?? []).map((one) => one.name).filter(Boolean);
  return `${unit.briefed?.police ?? 0} police and ${unit.briefed?.ambulance ?? 0} ambulance${names.length ? `: ${names.join(', ')}` : ''}`;
}
