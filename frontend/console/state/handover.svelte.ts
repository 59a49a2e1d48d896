/** What the next dispatcher must know: every open incident of this board, the most pressing first, read in full. */

import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { live } from '$shared/live.svelte';
import type { IncidentFull, IncidentRow, LogLine } from '$shared/types';
import { active, isOverdue, waiting } from '../lists/order';

/** Lines of the log that stand on the sheet. */
const LINES = 3;
/** Incidents that are read in full; each look is on record, so it is not done for a board of hundreds. */
export const MOST = 60;

class Handover {
  /** The last lines of each incident that could be read. */
  lines = $state.raw<ReadonlyMap<string, LogLine[]>>(new Map());
  read_at = $state(0);
  done = $state(0);
  of = $state(0);
  failed = $state('');
  /** What this dispatcher adds. It stands on the sheet, and is kept nowhere else. */
  words = $state('');
  #turn = 0;

  get reading(): boolean {
    return this.done < this.of;
  }

  /** Open incidents in the order of the sheet: overdue, then running, then waiting. */
  rows(): IncidentRow[] {
    const open = [...active(live.incidents.values()), ...waiting(live.incidents.values())];
    const late = (row: IncidentRow): number => Number(!isOverdue(row.due, clock.now));
    return open.map((row, index) => ({ row, index })).sort((a, b) => late(a.row) - late(b.row) || a.index - b.index).map((one) => one.row);
  }

  async read(): Promise<void> {
    const turn = (this.#turn += 1);
    const rows = this.rows().slice(0, MOST);
    [this.done, this.of, this.failed, this.read_at] = [0, rows.length, '', clock.now];
    const found = new Map<string, LogLine[]>();
    for (const row of rows) {
      try {
        const full = await get<IncidentFull>(`/incidents/${encodeURIComponent(row.id)}`);
        found.set(row.id, full.log.slice(-LINES));
      } catch (problem) {
        this.failed = (problem as Error).message;
      }
      if (turn !== this.#turn) return;
      this.done += 1;
      this.lines = new Map(found);
    }
  }
}

export const handover = new Handover();
