import { describe, expect, it } from 'vitest';
import type { Scheme } from './types';
import { fieldName, valueWords, versionsIn, whose, type Version } from './versions';

const scheme = {
  time_zone: 'Europe/London',
  types: [{ id: 'fight', name: 'Fight' }],
  flags: { injury: 'Somebody is injured' },
  partners: { police: { grades: [{ code: '2', name: 'Priority' }] }, ambulance: { grades: [] } },
  outcome_codes: { need: { dual: 'Both' }, ended: { attended: 'Attended' }, risk: { calm: 'calm', tense: 'tense' }, context: { alcohol: 'Alcohol' }, disposal: { custody: 'Custody' }, conveyed_by: {} },
  sites: [{ id: 'base', name: 'Medway base' }],
} as unknown as Scheme;

describe('two versions', () => {
  it.each([
    ['grade', '2', '2 Priority'],
    ['grade', '9', '9'],
    ['type', 'fight', 'Fight'],
    ['flags', ['injury', 'odd'], 'Somebody is injured, odd'],
    ['flags', [], 'none'],
    ['place', { text: 'Mill Road', lon: null, lat: null }, 'Mill Road (not on the map)'],
    ['place', { text: 'Mill Road', lon: 0.5, lat: 51.4 }, 'Mill Road'],
    ['outcome', { need: 'dual', ended: 'attended', risk_arrival: 'tense', risk_leaving: 'calm', contexts: ['alcohol:seen'] }, 'Both, Attended, risk tense then calm, Alcohol'],
    ['person.2', { disposal: 'custody', conveyed_by: null, destination: '', custody: true, s136: false }, 'Custody, custody'],
    ['break', { at: '2019-08-16T21:30:00+00:00', minutes: 30, site: 'base' }, '22:30, 30 min, Medway base'],
    ['break', null, 'nothing'],
    ['wait', { text: 'Star Hill', reason: 'covers both' }, 'Star Hill, covers both'],
  ])('says %s %j as “%s”', (field, value, words) => {
    expect(valueWords(field, value, scheme, 'police')).toBe(words);
  });

  it('names the field, whose it is and since when', () => {
    const version: Version = { field: 'person.2', theirs: 1, yours: 2, base: 'b', agency: 'police', by: 'x', at: '2019-08-16T21:41:07Z' };
    expect(fieldName(version.field)).toBe('Person 2');
    expect(whose(version, 'Europe/London')).toBe('police, 22:41:07');
    expect(whose({ ...version, agency: null, at: null }, undefined)).toBe('somebody else');
  });

  it('is in no other refusal', () => {
    expect(versionsIn({ reason_code: 'stale', versions: [{}] })).toEqual([]);
    expect(versionsIn({ reason_code: 'changed' })).toEqual([]);
  });
});
