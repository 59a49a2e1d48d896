import { describe, expect, it } from 'vitest';
import { csv } from './csv';

describe('a table as a file', () => {
  it('quotes what needs it', () => expect(csv(['a', 'b'], [['x, y', 'say "no"']], '')).toBe('a,b\r\n"x, y","say ""no"""\r\n'));
  it('is never run as a formula', () => expect(csv(['a'], [['=1+1'], ['-2'], ['@x']], '')).toBe("a\r\n'=1+1\r\n'-2\r\n'@x\r\n"));
  it('says that it is synthetic', () => expect(csv(['a'], [['x']], 'SYNTHETIC')).toBe('a,marking\r\nx,SYNTHETIC\r\n'));
});
