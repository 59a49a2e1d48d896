/** Unit tests meet the same chance each time: a pause that is spread by chance must not decide whether a test passes. */

import { beforeEach, vi } from 'vitest';

beforeEach(() => {
  let state = 20190816;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
});
