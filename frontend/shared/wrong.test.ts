import { describe, expect, it } from 'vitest';
import { asProblem } from './api';
import { TurnedAway } from './identity';
import { inWords, Unfit } from './wrong';

const problem = (status: number, code: string, more: Record<string, unknown> = {}) =>
  asProblem(status, { code, detail: 'The words of the server.', ...more });

describe('what went wrong', () => {
  it('is said for what somebody was about to do', () => {
    expect(inWords(problem(422, 'passkey.refused'), 'sign_in')).toContain('sign in with your password');
    expect(inWords(problem(422, 'passkey.refused'), 'setup')).toContain('choose a password');
    expect(inWords(problem(401, 'sign_in.refused'), 'setup')).toContain('set-up secret');
    expect(inWords(new TurnedAway(), 'setup')).toContain('No passkey was made');
  });
  it('goes by its code, not by its status', () => {
    expect(inWords(problem(503, 'sign_in.busy'), 'sign_in')).toContain('Too many people');
    expect(inWords(problem(503, 'audit.unavailable'), 'sign_in')).toBe('The words of the server.');
    expect(inWords(problem(403, 'forbidden', { reason_code: 'no_account' }), 'signed_in')).toContain('no account behind it');
  });
  it('tells nothing of the inside', () => {
    expect(inWords(new Unfit('Type it twice.'), 'setup')).toBe('Type it twice.');
    expect(inWords(new TypeError('x is undefined'), 'sign_in')).toBe('Something failed in this page. Reload it.');
  });
});
