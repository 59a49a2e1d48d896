/** Ways to hand a place to a map that knows the roads. Pure. */

import type { Choices } from '$shared/prefs.svelte';

export type Navigator = Choices['navigate'];

export const NAVIGATORS: { id: Navigator; words: string }[] = [
  { id: 'device', words: 'This device’s map' },
  { id: 'apple', words: 'Apple Maps' },
  { id: 'google', words: 'Google Maps' },
  { id: 'osm', words: 'OpenStreetMap' },
];

/** The address that opens the way to a place; all but the device's own tell the map's maker where you go. */
export function wayTo(by: Navigator, place: { lon: number; lat: number }): string {
  const at = `${place.lat},${place.lon}`;
  if (by === 'apple') return `https://maps.apple.com/?daddr=${at}&dirflg=d`;
  if (by === 'google') return `https://www.google.com/maps/dir/?api=1&destination=${encodeURIComponent(at)}&travelmode=driving`;
  if (by === 'osm') return `https://www.openstreetmap.org/directions?to=${encodeURIComponent(at)}`;
  return `geo:${at}?q=${at}`;
}
