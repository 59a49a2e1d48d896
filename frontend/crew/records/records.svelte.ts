/** The own service's records of one incident, as last read. */

import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { codes } from '$shared/codes.svelte';
import { live } from '$shared/live.svelte';
import { Readings } from '$shared/newest';
import { PART_OF, type Codes, type Part, type RecordRow } from '$shared/parts';
import { crew } from '../crewstate.svelte';
import { queue } from '../queue.svelte';

export type Page =
  | 'menu' | 'observations' | 'care' | 'finish' | 'referral' | 'person' | 'handover' | 'situation' | 'share'
  | 'arrest' | 'force' | 'detention' | 'references' | 'recorded' | 'photo';

class Records {
  page = $state<Page>('menu');
  person = $state(1);
  part = $state.raw<Part | null>(null);
  failed = $state('');
  /** How many records were put into the queue. */
  kept = $state(0);
  /** The record that the share page is about, or null for a fact in the crew's own words. */
  about = $state.raw<RecordRow | null>(null);
  /** The incident that they are of. */
  #incident = $state('');
  #readings = new Readings();

  readonly agency = $derived(live.viewer?.agency ?? 'police');
  /** Changes with the incident and the person: what is typed about one is not shown under another. */
  readonly subject: string = $derived(`${this.#incident} ${this.person}`);

  get codes(): Codes {
    return codes.words;
  }

  /** Turn to the records of an incident, at their menu. */
  begin(incident: string): void {
    this.page = 'menu';
    this.about = null;
    if (incident === this.#incident) return;
    this.#incident = incident;
    this.person = 1;
    this.part = null;
    this.failed = '';
  }

  async read(): Promise<void> {
    const incident = this.#incident;
    if (!incident) return;
    const take = (part: Part | null, failed: string): void => {
      if (incident !== this.#incident) return;
      if (part) this.part = part;
      this.failed = failed;
    };
    await this.#readings.read(
      incident,
      async () => {
        await codes.load();
        return get<Part>(`/incidents/${encodeURIComponent(incident)}/${PART_OF[this.agency]}`);
      },
      (part) => take(part, ''),
      (problem) => take(null, problem.message),
    );
  }

  /** Put a record into the queue, with the time of the tap, and go back to the menu or to another page. */
  keep(words: string, path: string, body: Record<string, unknown>, next: Page = 'menu'): void {
    const given = Object.entries(body).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    queue.add(crew.said(words), `/incidents/${encodeURIComponent(this.#incident)}${path}`, { ...Object.fromEntries(given), ...(body.at ? {} : { at: clock.iso() }) });
    this.kept += 1;
    this.page = next;
  }

  /** Return the records of a list that count and are about the person in hand. */
  of<T extends RecordRow>(rows: T[] | undefined): T[] {
    return (rows ?? []).filter((row) => row.person === this.person && row.state === 'counts');
  }
}

export const records = new Records();
