/** What the vehicle's screen shows now, and the last status tap that can still be taken back. */

import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
import type { IncidentFull, IncidentRow, UnitRow } from '$shared/types';
import { statusWord } from '$shared/words';
import { stepWords } from './job';
import { queue } from './queue.svelte';

export type Panel = 'more' | 'notes' | 'crew' | 'backup' | 'outcome' | 'decline' | 'leg' | 'log' | 'records' | 'glass' | null;

const UNDO_S = 10;

class Crew {
  panel = $state<Panel>(null);
  full = $state.raw<IncidentFull | null>(null);
  undo = $state.raw<{ key: string; words: string; before: string; until: number } | null>(null);
  #timer: ReturnType<typeof setTimeout> | null = null;

  readonly unit: UnitRow | null = $derived(
    live.viewer?.unit_id ? (live.units.get(live.viewer.unit_id) ?? null) : live.viewer?.call_sign ? (live.unit(live.viewer.call_sign) ?? null) : null,
  );
  readonly job: IncidentRow | null = $derived(this.unit?.incident_id ? (live.incidents.get(this.unit.incident_id) ?? null) : null);

  path(rest: string): string {
    return `/units/${encodeURIComponent(this.unit?.id ?? '')}${rest}`;
  }

  jobPath(rest: string): string {
    return `/incidents/${encodeURIComponent(this.job?.id ?? '')}${rest}`;
  }

  setStatus(status: string, leg?: string): void {
    if (!this.unit || !live.scheme) return;
    const before = this.unit.status;
    const words = stepWords(status, statusWord(live.scheme, status));
    const key = queue.add(words, this.path('/status'), { status, at: clock.iso(), ...(leg ? { leg } : {}) });
    this.panel = null;
    this.#offerUndo({ key, words, before, until: performance.now() + UNDO_S * 1000 });
  }

  takeBack(): void {
    const last = this.undo;
    this.undo = null;
    if (!last || !live.scheme) return;
    if (queue.takeBack(last.key)) return;
    queue.add(`Correction: ${statusWord(live.scheme, last.before)}`, this.path('/status'), { status: last.before, at: clock.iso() });
  }

  async readJob(): Promise<void> {
    const id = this.job?.id;
    if (!id) {
      this.full = null;
      return;
    }
    try {
      const full = await get<IncidentFull>(`/incidents/${encodeURIComponent(id)}`);
      if (this.job?.id === id) this.full = full;
    } catch {
      // The row of the live link stays on the screen; the log comes with the next change.
    }
  }

  #offerUndo(undo: NonNullable<Crew['undo']>): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.undo = undo;
    this.#timer = setTimeout(() => {
      this.undo = null;
    }, UNDO_S * 1000);
  }
}

export const crew = new Crew();
