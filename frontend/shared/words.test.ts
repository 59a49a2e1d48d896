import { describe, expect, it } from 'vitest';
import { asProblem } from './api';
import type { IncidentRow } from './types';
import { ageWords, dayOf, distance, fullTime, length, resourcesOf, roomTime } from './words';

describe('times as they are said', () => {
  it.each([
    [0, '0:00'], [42.9, '0:42'], [751, '12:31'], [3599, '59:59'], [3600, '1 h 00'], [7500, '2 h 05'], [200_000, '2 d 7 h'], [-5, '0:00'],
  ])('%d s is %s', (seconds, words) => expect(length(seconds)).toBe(words));

  it.each([[8, '8 s'], [240, '4 min'], [7300, '2 h']])('an age of %d s is %s', (seconds, words) => expect(ageWords(seconds)).toBe(words));

  it('shows the room its own summer time', () => {
    expect(roomTime('2019-08-16T22:41:07Z')).toBe('23:41:07');
    expect(dayOf('2019-08-16T22:41:07Z')).toBe('Fri 16 Aug');
    expect(fullTime('2019-08-16T22:41:07Z')).toBe('Fri 16 Aug 2019, 23:41');
  });

  it('crosses the clock change without a jump in ages', () => {
    expect(roomTime('2019-10-27T00:59:59Z')).toBe('01:59:59');
    expect(roomTime('2019-10-27T01:00:00Z')).toBe('01:00:00');
  });

  it.each([[60, '50 m'], [1900, '1.9 km'], [null, '']])('%s m is %s', (metres, words) => expect(distance(metres)).toBe(words));
});

it('tells a resource of both reports once, by its newest word', () => {
  const row = { resources: [['P204', 'scene', '22:10'], ['A102', 'mobile', '22:11'], ['P204', 'mobile', '22:04']].map(([call_sign, status, at]) => ({ agency: 'police', call_sign, kind: 'patrol', status, at: `2019-08-16T${at}:00Z`, eta_at: null })) };
  expect(resourcesOf(row as unknown as IncidentRow).map((one) => [one.call_sign, one.status])).toEqual([['P204', 'scene'], ['A102', 'mobile']]);
});

describe('problems in words', () => {
  it('prefers the reason of a refusal', () => {
    expect(asProblem(409, { title: 'Refused', reason: 'JR01 is taken', code: 'unit_taken', remedy: 'Choose another unit.' }).message).toBe('JR01 is taken. Choose another unit.');
  });

  it('lists the fields that are wrong', () => {
    expect(asProblem(422, { title: 'Invalid', problems: [{ path: 'place.text', message: 'is missing' }] }).words).toBe('place.text: is missing.');
  });

  it('says something even when the server said nothing', () => {
    expect(asProblem(502, null).words).toMatch(/502/);
    expect(asProblem(502, null).retryable).toBe(true);
    expect(asProblem(409, null).retryable).toBe(false);
  });
});
