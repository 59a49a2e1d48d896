import { describe, expect, it } from 'vitest';
import { beginAmendment, changedMeanwhile, changesOf } from './amendment';

const FROM = { grade: '2', type: 'fight', place: { text: 'Mill Road', lon: 0.5, lat: 51.4 }, flags: ['injury'] };

describe('an amendment', () => {
  it('sends only what differs from what stood there', () => {
    const begun = beginAmendment(FROM, {});
    expect(changesOf(begun)).toEqual({});
    expect(changesOf({ ...begun, grade: '1' })).toEqual({ grade: '1' });
    expect(changesOf({ ...begun, place: ' Mill Lane ', lon: null, lat: null })).toEqual({ place: { text: 'Mill Lane' } });
    expect(changesOf({ ...begun, flags: [] })).toEqual({ flags: [] });
    expect(changesOf({ ...begun, type: '', place: '', grade: '' })).toEqual({});
  });

  it('begins with nothing where nothing is known', () => {
    const begun = beginAmendment({ grade: null, type: null, place: null, flags: null }, {});
    expect(changesOf({ ...begun, place: 'Mill Road', lon: 0.5, lat: 51.4, flags: ['b', 'a'] })).toEqual({ place: { text: 'Mill Road', lon: 0.5, lat: 51.4 }, flags: ['a', 'b'] });
  });

  it('tells what somebody else has changed since', () => {
    const begun = beginAmendment(FROM, { grade: 'a', place: 'b' });
    expect(changedMeanwhile(begun, { grade: 'a', place: 'c', flags: 'd' })).toEqual(['place', 'flags']);
    expect(changedMeanwhile(begun, undefined)).toEqual([]);
  });
});
