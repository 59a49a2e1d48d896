import { describe, expect, it } from 'vitest';
import { clockWords, peopleOf, personWords, recorded, recordWords, type Part, type RecordRow } from './parts';

const row = (said: Record<string, unknown>, more: Partial<RecordRow> = {}): RecordRow => ({
  id: 'rec_1',
  person: 1,
  recorded_as: 1,
  at: '2019-08-16T22:00:00Z',
  recorded_at: '2019-08-16T22:00:00Z',
  by: 'x',
  state: 'counts',
  corrects: null,
  corrected_by: null,
  reason: null,
  withdrawn_because: null,
  erased: false,
  erased_under: null,
  shared: [],
  said,
  ...more,
});

describe('a record in a line', () => {
  it('says codes in words', () => {
    const codes = { tactics: { handcuffs_compliant: 'Handcuffs, compliant' }, because: { effect_arrest: 'Make an arrest' } };
    expect(recordWords(row({ tactics: ['handcuffs_compliant'], because: ['effect_arrest'], seat: 'police_driver' }), codes)).toBe(
      'Handcuffs, compliant; because: make an arrest; police driver',
    );
  });
  it('says measurements with their units', () => {
    expect(recordWords(row({ pulse: 112, temperature_c: 36.8, on_oxygen: false }), {})).toBe('Pulse 112/min, Temp 36.8 °C, on air');
  });
  it('says what was shared before why', () => {
    expect(recordWords(row({ basis: 'consent', text: 'Head injury' }), { basis: { consent: 'The person agreed' } })).toBe('Head injury; why: the person agreed');
  });
  it('says what was erased', () => {
    expect(recordWords(row({}, { erased: true, erased_under: 'Log: six years.' }), {})).toBe('Erased under: Log: six years.');
  });
});

describe('the persons of a part', () => {
  const part = (...rows: Partial<RecordRow>[]): Part => ({ incident_id: 'inc_1', number: 'JRU-1', care: rows.map((one) => row({}, one)) });
  it('are counted without a gap, so that each has a button', () => {
    expect(peopleOf(part({ person: 3, recorded_as: 3 }), [])).toEqual({ people: [1, 2, 3], next: 4 });
    expect(peopleOf(null, [2])).toEqual({ people: [1, 2], next: 3 });
  });
  it('are one where somebody said so, and no number is given twice', () => {
    const joined = part({}, { person: 1, recorded_as: 2 });
    expect(peopleOf(joined, [])).toEqual({ people: [1], next: 3 });
    expect(recorded(joined)).toEqual([1]);
  });
  it('of a joined incident keep their own numbers', () => {
    const both = part({}, { person: 101, recorded_as: 101 });
    expect(peopleOf(both, [])).toEqual({ people: [1, 101], next: 2 });
    expect(personWords(101)).toBe('person 1 of the joined incident');
    expect(recordWords(row({ persons: [1, 101] }, { reason: 'same man' }), {})).toBe('person 1 and person 1 of the joined incident are one; same man');
  });
});

describe('the time left', () => {
  const now = Date.parse('2019-08-16T22:00:00Z');
  it('counts down in hours and minutes and says when it ran out', () => {
    expect(clockWords('2019-08-17T21:10:00Z', now)).toBe('23 h 10 min left');
    expect(clockWords('2019-08-16T22:05:00Z', now)).toBe('5 min left');
    expect(clockWords('2019-08-16T20:00:00Z', now)).toBe('ran out 2 h 00 min ago');
  });
});
