import { describe, expect, it } from 'vitest';
import { Newest } from './newest';

describe('questions one after the other', () => {
  it('leave only the last one standing', () => {
    const questions = new Newest();
    const first = questions.ask();
    expect(first()).toBe(true);
    const second = questions.ask();
    expect([first(), second()]).toEqual([false, true]);
  });
});
