import { expect, test } from 'vitest';
import { aloneWords, levelOf } from './alone';
import type { UnitRow } from './types';

const alone = { seat: 'paramedic', agency: 'ambulance', role: 'paramedic', since: '2019-08-16T23:12:00Z', against: null, due: { amber_at: '2019-08-16T23:24:00Z', red_at: '2019-08-16T23:27:00Z' } } as const;
const unit = (more: object | null): UnitRow => ({ alone: more && { ...alone, ...more } }) as UnitRow;
const at = (time: string): number => Date.parse(`2019-08-16T${time}Z`);

test('who is alone since when, and when the check is due', () => {
  expect(aloneWords(unit({}), at('23:15:00'))).toBe('paramedic alone since 00:12, check due 00:27');
  expect(aloneWords(unit({}), at('23:27:00'))).toBe('paramedic alone since 00:12, check overdue since 00:27');
  expect(aloneWords(unit({ against: 'fight' }), at('23:15:00'))).toBe('paramedic alone since 00:12, check due 00:27, on a job with fight');
  expect(aloneWords(unit({ due: { amber_at: null, red_at: null } }), at('23:15:00'))).toBe('paramedic alone since 00:12');
  expect(aloneWords(unit(null), at('23:15:00'))).toBeNull();
});

test('a limit is plain, then amber, then red', () => {
  expect(['23:23:59', '23:24:00', '23:27:00'].map((time) => levelOf(alone.due, at(time)))).toEqual(['plain', 'amber', 'red']);
  expect(levelOf(null, at('23:27:00'))).toBe('plain');
});
