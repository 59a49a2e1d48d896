import { describe, expect, it } from 'vitest';
import { deskWords } from './presence.svelte';

describe('another desk in words', () => {
  it.each([
    [{ agency: 'police', desk: 2, field: 'place' }, 'Desk 2 is editing the place'],
    [{ agency: 'police', desk: 2, field: null }, 'Desk 2 has it open'],
    [{ agency: 'ambulance', desk: 1, field: 'outcome' }, 'Ambulance desk 1 is editing the outcome'],
  ] as const)('says %j as “%s”', (one, words) => {
    expect(deskWords({ ...one, incident_id: 'i' }, 'police')).toBe(words);
  });
});
