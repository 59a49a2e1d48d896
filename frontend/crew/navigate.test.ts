import { expect, it } from 'vitest';
import { NAVIGATORS, wayTo } from './navigate';

const AT = { lon: 0.5481, lat: 51.3855 };

it('hands the place to each map in its own order of latitude and longitude', () => {
  expect(wayTo('device', AT)).toBe('geo:51.3855,0.5481?q=51.3855,0.5481');
  expect(wayTo('apple', AT)).toBe('https://maps.apple.com/?daddr=51.3855,0.5481&dirflg=d');
  expect(wayTo('google', AT)).toContain('destination=51.3855%2C0.5481');
  expect(wayTo('osm', AT)).toBe('https://www.openstreetmap.org/directions?to=51.3855%2C0.5481');
});

it('asks the device itself unless somebody chose otherwise', () => {
  expect(NAVIGATORS[0]?.id).toBe('device');
});
