import { describe, expect, it } from 'vitest';
import { bytes, text } from './passkeys';

describe('base64url', () => {
  it('gives back every byte, without signs that an address cannot hold', () => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    for (const length of [0, 1, 2, 3, 255, 256]) {
      const written = text(all.slice(0, length).buffer);
      expect(written).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(bytes(written)).toEqual(all.slice(0, length));
    }
  });
});
