/**
 * A list's order under a person's hand: nothing moves while the pointer or the focus is in it.
 *
 * Pure. While held, rows keep their places, rows that left stay as faded places, and new rows enter below a
 * marked line. When let go, the wanted order is taken.
 */

export interface Place {
  id: string;
  /** `new` rows stand below the marked line; `left` rows are no longer in this list. */
  mark: 'here' | 'new' | 'left';
}

export function settle(wanted: readonly string[]): Place[] {
  return wanted.map((id) => ({ id, mark: 'here' }));
}

export function arrange(before: readonly Place[], wanted: readonly string[], held: boolean): Place[] {
  if (!held) return settle(wanted);
  const want = new Set(wanted);
  const known = new Set(before.map((place) => place.id));
  const kept = before.map((place): Place => {
    if (!want.has(place.id)) return { id: place.id, mark: 'left' };
    return place.mark === 'left' ? { id: place.id, mark: 'here' } : place;
  });
  const fresh = wanted.filter((id) => !known.has(id)).map((id): Place => ({ id, mark: 'new' }));
  return [...kept, ...fresh];
}

export function same(one: readonly Place[], two: readonly Place[]): boolean {
  return one.length === two.length && one.every((place, index) => place.id === two[index]?.id && place.mark === two[index]?.mark);
}
