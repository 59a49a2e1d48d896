import { describe, expect, it } from 'vitest';
import { exchange, meant, pressed } from './letters';

const LETTERS = ['j', 'k', 'm', 'n', 'V'];

describe('single letters that were exchanged', () => {
  it('mean what they were given, and the old letter nothing', () => {
    const chosen = exchange('m', 'q', {}, LETTERS);
    expect(chosen).toEqual({ m: 'q' });
    expect(meant('q', { m: 'q' })).toBe('m');
    expect(meant('m', { m: 'q' })).toBeNull();
    expect(meant('n', { m: 'q' })).toBe('n');
    expect(pressed('m', { m: 'q' })).toBe('q');
  });

  it('can take a letter that was given up, and go back', () => {
    const first = exchange('m', 'q', {}, LETTERS) as Record<string, string>;
    const second = exchange('n', 'm', first, LETTERS);
    expect(second).toEqual({ m: 'q', n: 'm' });
    expect(meant('m', second as Record<string, string>)).toBe('n');
    expect(exchange('m', 'm', first, LETTERS)).toEqual({});
  });

  it('are refused in words when taken, or no letter', () => {
    expect(exchange('m', 'n', {}, LETTERS)).toContain('“n” is taken');
    for (const wrong of ['', '1', 'ab', ' ', 'é', '/']) expect(exchange('m', wrong, {}, LETTERS)).toContain('no single letter');
  });

  it('tell large from small', () => {
    expect(exchange('k', 'v', {}, LETTERS)).toEqual({ k: 'v' });
    expect(exchange('k', 'V', {}, LETTERS)).toContain('“V” is taken');
  });
});
