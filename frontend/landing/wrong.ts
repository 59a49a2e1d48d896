/** What went wrong, as a sentence that says what to do. */

import { Problem } from '$shared/api';

const OWN: Record<string, string> = {
  'sign_in.refused': 'That did not sign you in. Check name, password and code; a code works once, so wait for the next one.',
  'sign_in.expired': 'That took too long. Begin again with your name.',
  'passkey.refused': 'The passkey was not accepted. Try again, or sign in with your password.',
  'pin.refused': 'That PIN did not unlock the tablet. After five wrong ones, sign in in full.',
  'pairing.refused': 'This code does not pair a tablet. Ask for a new one.',
};

export function inWords(problem: unknown): string {
  if (!(problem instanceof Problem)) return problem instanceof Error ? problem.message : 'Something failed in this page. Reload it.';
  if (problem.status === 0) return 'The server did not answer. Check that it runs, then reload this page.';
  if (problem.status === 429) return 'There were too many tries. Wait a little, or sign in with a passkey.';
  if (problem.status === 503) return 'Too many people are signing in at this moment. Try again in a few seconds.';
  return OWN[problem.code] ?? problem.message;
}
