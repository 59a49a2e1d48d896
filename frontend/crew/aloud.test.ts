import { describe, expect, it } from 'vitest';
import type { IncidentRow } from '$shared/types';
import { ownVoice, spoken } from './aloud';

const voice = (lang: string, localService = true) => ({ lang, localService });

describe('the voice', () => {
  it('is one of the device’s own, British where there is one', () => {
    expect(ownVoice([voice('de-DE'), voice('en-US'), voice('en_GB')])).toEqual(voice('en_GB'));
    expect(ownVoice([voice('en-GB', false), voice('en-US')])).toEqual(voice('en-US'));
    expect(ownVoice([voice('en-GB', false), voice('fr-FR')])).toBeUndefined();
    expect(ownVoice([])).toBeUndefined();
  });
});

describe('what is read aloud', () => {
  const row = {
    suitability: { verdict: 'hold' }, scene_safe: null, rvp: { name: 'Station forecourt' },
    hazards: [
      { code: 'weapon', name: 'Weapon', note: 'knife seen', at: '2019-08-16T22:40:00Z', by: 'police', holds: true, cleared_at: null },
      { code: 'dog', name: 'Dog', note: null, at: '2019-08-16T22:10:00Z', by: 'ambulance', holds: false, cleared_at: '2019-08-16T22:20:00Z' },
    ],
    type: { name: 'Assault with injury' }, place: { text: 'High Street, Gillingham' },
  } as unknown as IncidentRow;

  it('begins with what could hurt', () => {
    expect(spoken(row, 'Europe/London')).toBe(
      'Hold at Station forecourt until police record the scene safe. Weapon: knife seen, 23:40, police. Assault with injury. High Street, Gillingham.',
    );
  });

  it('says that nothing is known rather than nothing', () => {
    const calm = { ...row, hazards: [], suitability: { ...row.suitability, verdict: 'yes' } } as IncidentRow;
    expect(spoken(calm, 'Europe/London')).toBe('No hazard is known. Assault with injury. High Street, Gillingham.');
  });
});
