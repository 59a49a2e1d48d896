/** Copying the card for this room's own system: what is said, and what happens when the clipboard is refused. */

import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
import { marking } from '$shared/marking';
import { cardOf, type Sight } from './card';
import { desk } from './state/desk.svelte';

/** What this viewer has, or null before the scheme's words are here. */
export function sight(): Sight | null {
  const { scheme, viewer } = live;
  return scheme && viewer ? { agency: viewer.agency, scheme, now: clock.now, marking: marking(live) } : null;
}

export async function copyCard(id: string): Promise<boolean> {
  const row = live.incidents.get(id);
  const seen = sight();
  if (!row || !seen) {
    desk.say('refused', 'This incident is not on the board. Nothing was copied.');
    return false;
  }
  return copy(cardOf(row, seen), `Card of ${row.number}`, () => {
    desk.open(id);
    desk.form = 'card';
  });
}

/** Copy a text and say so; `byHand` shows it where a person can copy it. */
export async function copy(text: string, name: string, byHand: () => void): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    byHand();
    desk.say('refused', `${name}: the browser refused the clipboard. The text is shown selected: Ctrl+C copies it.`);
    return false;
  }
  const lines = text.split('\n');
  desk.say('told', `${name} copied: ${lines.length === 1 ? 'one line' : `${lines.length} lines`}, “${lines.find((line) => !line.startsWith('SYNTHETIC')) ?? lines[0]}”. Paste it into your own system.`);
  return true;
}
