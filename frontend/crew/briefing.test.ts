import { expect, it } from 'vitest';
import { briefedBy, textsFor } from './briefing';

const TEXTS = [
  { heading: 'method', text: 'for all', district: null, assumed: true },
  { heading: 'information', text: 'for all', district: null, assumed: true },
  { heading: 'information', text: 'for Medway', district: 'medway', assumed: false },
];

it('takes the text of the district before that for all, in the order of the form', () => {
  expect(textsFor(TEXTS, 'medway').map((one) => `${one.words}: ${one.text}`)).toEqual(['Information: for Medway', 'Method: for all']);
  expect(textsFor(TEXTS, 'swale').map((one) => one.text)).toEqual(['for all', 'for all']);
});

it('counts both services and names whom this viewer is told', () => {
  const unit = { briefed: { police: 1, ambulance: 2 }, briefed_names: [{ name: 'Constable Example', at: '', version: 1 }] };
  expect(briefedBy(unit)).toBe('1 police and 2 ambulance: Constable Example');
});
