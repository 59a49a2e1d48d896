/** The own service's records of the job in hand, as last read. */

import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
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
  codes = $state.raw<Codes>({});
  failed = $state('');
  /** How many records were put into the queue. */
  kept = $state(0);
  /** The record that the share page is about, or null for a fact in the crew's own words. */
  about = $state.raw<RecordRow | null>(null);

  readonly agency = $derived(live.viewer?.agency ?? 'police');

  async read(): Promise<void> {
    if (!crew.job) return;
    try {
      if (!Object.keys(this.codes).length) this.codes = (await get<{ codes: Codes }>('/records/codes')).codes;
      this.part = await get<Part>(crew.jobPath(`/${PART_OF[this.agency]}`));
      this.failed = '';
    } catch (problem) {
      this.failed = (problem as Error).message;
    }
  }

  /** Put a record into the queue, with the time of the tap, and go back to the menu or to another page. */
  keep(words: string, path: string, body: Record<string, unknown>, next: Page = 'menu'): void {
    const given = Object.entries(body).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    queue.add(words, crew.jobPath(path), { ...Object.fromEntries(given), ...(body.at ? {} : { at: clock.iso() }) });
    this.kept += 1;
    this.page = next;
  }

  /** Return the records of a list that count and are about the person in hand. */
  of<T extends RecordRow>(rows: T[] | undefined): T[] {
    return (rows ?? []).filter((row) => row.person === this.person && row.state === 'counts');
  }
}

export const records = new Records();
