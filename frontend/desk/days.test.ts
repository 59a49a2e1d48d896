import { describe, expect, it } from 'vitest';
import { dayBefore, dayIn, monthIn, monthWords, zoneDay } from './days';

const LONDON = 'Europe/London';

describe('days of the zone', () => {
  it('begin at local midnight', () => {
    expect(zoneDay('2019-08-16', 0, LONDON)).toBe('2019-08-15T23:00:00.000Z');
    expect(zoneDay('2019-08-31', 1, LONDON)).toBe('2019-08-31T23:00:00.000Z');
    expect(zoneDay('2019-12-31', 1, LONDON)).toBe('2020-01-01T00:00:00.000Z');
  });
  it('are counted back over months and changes of the clock', () => {
    expect(dayBefore('2019-08-02', 2)).toBe('2019-07-31');
    expect(dayBefore('2019-10-28', 1)).toBe('2019-10-27');
  });
  it('are those of the place, not of the browser', () => {
    expect(dayIn(Date.parse('2019-08-31T23:30:00Z'), LONDON)).toBe('2019-09-01');
    expect(monthWords('2019-08')).toBe('August 2019');
    expect(monthIn(Date.parse('2019-08-31T22:30:00Z'), LONDON)).toBe('2019-08');
  });
});
