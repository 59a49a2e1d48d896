import { expect, test } from 'vitest';
import { freeNumber } from './numbers';

test.each([
  [[], 1],
  [[1, 2], 3],
  [[2], 1],
  [[1, 3], 2],
  [[1, 1], 2],
])('beside %j the next person is %i', (taken, next) => {
  expect(freeNumber(taken)).toBe(next);
});
