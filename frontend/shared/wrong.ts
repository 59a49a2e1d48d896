/** What went wrong, as a sentence that says what to do; it depends on what somebody was about to do. Pure. */

import { Problem } from './api';
import { TurnedAway } from './identity';

/** Signing in, the first set-up, a tablet of a vehicle, or what somebody who is signed in looks after. */
export type Flow = 'sign_in' | 'setup' | 'tablet' | 'signed_in';

/** What somebody typed cannot be sent yet; the message says what to change. */
export class Unfit extends Error {}

/** A service's directory refused, or answers nobody just now. */
export const NOT_THERE = 'Your service’s directory did not sign you in. Begin again, or ask your service.';
export const BUSY_THERE = 'Your service’s directory is slow at this moment. Begin again in a few seconds, or sign in with a passkey.';

const UNKNOWN = 'Something failed in this page. Reload it.';
const TURNED_AWAY: Record<Flow, string> = {
  sign_in: 'No passkey was used. Try again, or sign in with your password.',
  setup: 'No passkey was made. Try again, or choose a password.',
  tablet: 'No passkey was used. Try again.',
  signed_in: 'No passkey was made.',
};
const OWN: Record<Flow, Record<string, string>> = {
  sign_in: {
    no_link: 'The server did not answer. Check that it runs, then reload this page.',
    'sign_in.refused': 'That did not sign you in. Check name, password and code; a code works once, so wait for the next one.',
    'sign_in.expired': 'That took too long. Begin again.',
    'sign_in.directory': NOT_THERE,
    'sign_in.busy': 'Too many people are signing in at this moment. Try again in a few seconds.',
    'tries.too_many': 'There were too many tries. Wait a little, or sign in with a passkey.',
    'passkey.refused': 'The passkey was not accepted. Try again, or sign in with your password.',
  },
  setup: {
    'sign_in.refused': 'Name and set-up secret do not fit. It works once, within three days: else ask your administrator for a new one.',
    'sign_in.expired': 'That took too long. Go back to signing in and begin the first set-up again with your secret.',
    'sign_in.busy': 'Too many people are signing in at this moment. Try again in a few seconds.',
    'tries.too_many': 'There were too many tries. Wait a little, then try again.',
    'passkey.refused': 'The passkey was not accepted. Try again, or choose a password.',
  },
  tablet: {
    'pin.refused': 'That PIN did not unlock the tablet. After five wrong ones, sign in in full.',
    'pairing.refused': 'This code does not pair a tablet. Ask for a new one.',
    'tries.too_many': 'There were too many tries. Wait a little, or sign in in full.',
  },
  signed_in: {
    no_account: 'You are here with a token or a role of the demonstration: there is no account behind it.',
    'passkey.refused': 'The passkey was not accepted. Try again, or use another one.',
  },
};

/** The sentence for a problem; what has no words of its own here says what the server said. */
export function inWords(problem: unknown, flow: Flow): string {
  if (problem instanceof TurnedAway) return TURNED_AWAY[flow];
  if (problem instanceof Unfit) return problem.message;
  if (!(problem instanceof Problem)) return UNKNOWN;
  return OWN[flow][problem.code] ?? OWN[flow][String(problem.body.reason_code)] ?? problem.message;
}
