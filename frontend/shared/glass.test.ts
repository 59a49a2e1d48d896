import { describe, expect, it } from 'vitest';
import { glassRefusal, isOver, labelWords, minutesLeft, otherPart, type OpenGlass } from './glass';

describe('restricted fields', () => {
  it('are named in words', () => expect(labelWords(['clinical', 'identity'])).toBe('clinical fields and names, callers and contacts'));
  it('count the minute that has begun', () => {
    const until = '2019-08-16T22:30:00Z';
    expect(minutesLeft(until, Date.parse('2019-08-16T22:00:00Z'))).toBe(30);
    expect(minutesLeft(until, Date.parse('2019-08-16T21:59:59Z'))).toBe(30);
    expect(minutesLeft(until, Date.parse('2019-08-16T22:29:59Z'))).toBe(1);
    expect(minutesLeft(until, Date.parse('2019-08-16T22:31:00Z'))).toBe(0);
  });
  it('are open by the clock, not by what was last heard', () => {
    const glass: OpenGlass = { id: 'gls_1', labels: ['clinical'], at: '2019-08-16T22:00:00Z', until: '2019-08-16T22:30:00Z' };
    expect(isOver(glass, Date.parse('2019-08-16T22:29:59Z'))).toBe(false);
    expect(isOver(glass, Date.parse(glass.until))).toBe(true);
    expect(isOver(null, Date.parse(glass.until))).toBe(false);
  });
  it('are asked for with fields and a reason', () => {
    expect(glassRefusal([], 'patient cannot speak')).toContain('which fields');
    expect(glassRefusal(['clinical'], ' because  ')).toContain('at least 10 characters');
    expect(glassRefusal(['clinical'], 'patient cannot speak')).toBe('');
  });
  it('show the records of the other service only', () => {
    expect(otherPart(['clinical'], 'police')).toBe('ambulance');
    expect(otherPart(['police_evidence'], 'police')).toBeNull();
    expect(otherPart(['identity', 'police_evidence'], 'ambulance')).toBe('police');
  });
});
