import { describe, expect, it } from 'vitest';
import { arrange, settle, type Place } from './stable';

const show = (places: Place[]): string => places.map((place) => ({ here: '', new: '+', left: '-' })[place.mark] + place.id).join(' ');

describe('order of a list under the hand', () => {
  it('takes the wanted order while nobody holds it', () => {
    expect(show(arrange(settle(['a', 'b']), ['b', 'c', 'a'], false))).toBe('b c a');
  });

  it('keeps every place while held: changed order has no effect', () => {
    expect(show(arrange(settle(['a', 'b', 'c']), ['c', 'b', 'a'], true))).toBe('a b c');
  });

  it('puts new rows below the marked line, however urgent', () => {
    expect(show(arrange(settle(['a', 'b']), ['x', 'a', 'b'], true))).toBe('a b +x');
  });

  it('keeps the place of a row that left, so that nothing slides under the pointer', () => {
    expect(show(arrange(settle(['a', 'b', 'c']), ['a', 'c'], true))).toBe('a -b c');
  });

  it('lets a row come back to its own place', () => {
    const gone = arrange(settle(['a', 'b', 'c']), ['a', 'c'], true);
    expect(show(arrange(gone, ['a', 'b', 'c'], true))).toBe('a b c');
  });

  it('never moves a known row while held, over many changes', () => {
    let places = settle(['a', 'b', 'c', 'd']);
    const wishes = [['d', 'c', 'b', 'a'], ['x', 'a'], ['a', 'b', 'x', 'y'], [], ['y', 'd', 'z']];
    for (const wish of wishes) {
      const next = arrange(places, wish, true);
      expect(next.slice(0, places.length).map((place) => place.id)).toEqual(places.map((place) => place.id));
      places = next;
    }
    expect(show(arrange(places, ['z', 'a'], false))).toBe('z a');
  });
});
