/** Which desk has what open: this one says where it is, and hears it of the others. Nothing of it is recorded. */

import { command } from '$shared/api';
import { live } from '$shared/live.svelte';
import type { DeskHere } from '$shared/types';
import { desk } from './state/desk.svelte';

const SETTLE_MS = 300;
const AGAIN_MS = 30_000;
const FIELDS: ReadonlySet<string> = new Set(['grade', 'type', 'place', 'flags']);

class Presence {
  /** This desk's number in its room. */
  #mine = $state<number | null>(null);
  /** The field of the incident in hand that has the focus. */
  #focused = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The other desks that have an incident open. */
  at(incident: string): DeskHere[] {
    if (this.#mine === null) return [];
    return live.desks.filter((one) => one.incident_id === incident && !(one.desk === this.#mine && one.agency === live.viewer?.agency));
  }

  /** Runs inside an effect: follows what is in hand and changed here, and says it again while nothing changes. */
  follow(): () => void {
    const where = { incident_id: live.link === 'live' ? desk.inHand : null, field: desk.form === 'outcome' ? 'outcome' : desk.form === 'amend' ? this.#focused : null };
    if (live.link === 'live') this.#soon(where, SETTLE_MS);
    // With the link a desk loses its number, too.
    else this.#mine = null;
    return () => clearTimeout(this.#timer);
  }

  /** Note which field has the focus; called for each that gets it. */
  focus(event: FocusEvent): void {
    const field = (event.target as HTMLElement | null)?.closest<HTMLElement>('[data-field]')?.dataset.field ?? null;
    this.#focused = field && FIELDS.has(field) ? field : null;
  }

  #soon(where: { incident_id: string | null; field: string | null }, after: number): void {
    this.#timer = setTimeout(() => void this.#say(where), after);
  }

  async #say(where: { incident_id: string | null; field: string | null }): Promise<void> {
    this.#soon(where, AGAIN_MS);
    try {
      this.#mine = ((await command('/presence', where)) as unknown as { desk: number | null }).desk;
    } catch {
      // Said again in a while; nobody's work hangs on it.
    }
  }
}

export const presence = new Presence();

const FIELD_WORDS: Record<string, string> = { grade: 'the grade', type: 'the type', place: 'the place', flags: 'the flags', outcome: 'the outcome' };

/** One desk in words: `Desk 2 is editing the place`; a desk of the other room says which room. */
export function deskWords(one: DeskHere, mine: string | undefined): string {
  const who = one.agency === mine ? `Desk ${one.desk}` : `${one.agency === 'police' ? 'Police' : 'Ambulance'} desk ${one.desk}`;
  return `${who} ${one.field ? `is editing ${FIELD_WORDS[one.field] ?? 'a field'}` : 'has it open'}`;
}
