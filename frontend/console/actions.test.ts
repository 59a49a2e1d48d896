import { describe, expect, it } from 'vitest';
import { callFor } from './actions';
import { bodyOf, emptyDraft, missing, placedAt, withPasted } from './state/draft';

describe('requests', () => {
  it('leaves out what was not stated', () => {
    expect(callFor({ do: 'answer', incident: 'inc_1', answer: 'yes', eta_min: null, reason: '' })).toEqual({ path: '/incidents/inc_1/requests/answer', body: { answer: 'yes' } });
    expect(callFor({ do: 'person', incident: 'i', person: { person: 1, disposal: 'x', conveyed_by: null, destination: '', custody: false, s136: false } })?.body).toEqual({ person: 1, disposal: 'x', custody: false, s136: false });
  });

  it('keeps ids from breaking out of the path', () => {
    expect(callFor({ do: 'share', incident: '../units/u' })?.path).toBe('/incidents/..%2Funits%2Fu/share');
  });

  it('asks nothing of the server for what only changes the screen', () => {
    expect(callFor({ do: 'go', incident: 'i' })).toBeNull();
  });
});

describe('draft of a new incident', () => {
  it('is saved with a type and a place alone', () => {
    expect(missing({ ...emptyDraft(), type: 'fight' })).toBe('Say where.');
    const draft = { ...emptyDraft(), type: 'fight', place: ' High Street ' };
    expect(missing(draft)).toBe('');
    expect(bodyOf(draft, 'Europe/London', 0)).toEqual({ type: 'fight', place: { text: 'High Street' }, flags: [], hazards: [] });
  });

  it.each([
    ['23:38', '2019-08-16T22:38:00.000Z'],
    ['23:59', '2019-08-15T22:59:00.000Z'],
    ['7:05:30', '2019-08-16T06:05:30.000Z'],
  ])('reported at %s means the newest such time that is past', (reported, at) => {
    const draft = { ...emptyDraft(), type: 'fight', place: 'High Street', reported };
    expect(bodyOf(draft, 'Europe/London', Date.parse('2019-08-16T22:41:00Z')).clock_start).toBe(at);
  });

  it('asks for a time that is one', () => expect(missing({ ...emptyDraft(), type: 'fight', place: 'x', reported: 'soon' })).toMatch(/hours and minutes/));

  it.each([
    ['12 High Street, Gillingham', 'Gillingham', 'town', '12 High Street, Gillingham (on the map: Gillingham)'],
    ['12 High Street, Gillingham (on the map: Gillingham)', 'Luton', 'town', '12 High Street, Gillingham (on the map: Luton)'],
    ['12 Canterbury Street', 'Canterbury Street, Gillingham', 'street', '12 Canterbury Street'],
  ])('%s put on the map by %s keeps its words', (address, name, precision, text) => expect(placedAt(address, name, precision)).toBe(text));

  it('takes pasted text beside what is there already, whole', () => {
    const before = { ...emptyDraft(), place: 'Church Street', remarks: 'first' };
    const got = withPasted(before, { place: 'High Street', grade: '1' }, '', 'Location: High Street\nGrade: 1');
    expect(got).toMatchObject({ place: 'Church Street', grade: '1', remarks: 'first\nLocation: High Street\nGrade: 1', pasted: ['grade'] });
    expect(withPasted({ ...before, remarks: 'x'.repeat(3990) }, {}, '', 'more than there is room')).toBeNull();
  });
});
