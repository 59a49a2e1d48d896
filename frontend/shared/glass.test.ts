import { describe, expect, it } from 'vitest';
import { labelWords, minutesLeft, otherPart } from './glass';

describe('restricted fields', () => {
  it('are named in words', () => expect(labelWords(['clinical', 'identity'])).toBe('clinical fields and names, callers and contacts'));
  it('count the minute that has begun', () => {
    const until = '2019-08-16T22:30:00Z';
    expect(minutesLeft(until, Date.parse('2019-08-16T22:00:00Z'))).toBe(30);
    expect(minutesLeft(until, Date.parse('2019-08-16T22:29:59Z'))).toBe(1);
    expect(minutesLeft(until, Date.parse('2019-08-16T22:31:00Z'))).toBe(0);
  });
  it('show the records of the other service only', () => {
    expect(otherPart(['clinical'], 'police')).toBe('ambulance');
    expect(otherPart(['police_evidence'], 'police')).toBeNull();
    expect(otherPart(['identity', 'police_evidence'], 'ambulance')).toBe('police');
  });
});
