/** What the vehicle's screen shows now, and the last status tap that can still be taken back. */

import { get } from '$shared/api';
import { clock } from '$shared/clock.svelte';
import { isOver } from '$shared/glass';
import { live } from '$shared/live.svelte';
import { Readings } from '$shared/newest';
import type { IncidentFull, IncidentRow, UnitRow } from '$shared/types';
import type { Bases } from '$shared/versions';
import { placeText, statusWord, typeName } from '$shared/words';
import { stepWords } from './job';
import { queue } from './queue.svelte';

export type Panel = 'more' | 'notes' | 'crew' | 'backup' | 'outcome' | 'leg' | 'records' | 'glass' | 'onview' | 'briefing' | 'end' | 'record';

/** Pages that write to the incident they were opened for, whatever the unit is sent to meanwhile. */
const WRITES: ReadonlySet<Panel> = new Set(['notes', 'outcome', 'records', 'glass']);
/** Pages about what the unit does at its job: with another job they have lost their meaning. */
const OF_THE_JOB: ReadonlySet<Panel> = new Set(['more', 'leg', 'backup']);

const UNDO_S = 10;

/** An incident, and what it is in words. */
interface Held {
  id: string;
  number: string;
  words: string;
}

interface Undo {
  key: string;
  words: string;
  before: string;
  job: string | null;
}

/** A job on which much happens at once, as when a backlog goes out, is read so often and no more. */
const READ_EVERY_MS = 1_000;

class Crew {
  panel = $state<Panel | null>(null);
  /** The incident that the open page was opened for. */
  held = $state.raw<Held | null>(null);
  /** The offer that somebody looks at while the open page stays as it is beneath, by its id. */
  looked = $state('');
  #read = $state.raw<IncidentFull | null>(null);
  #readings = new Readings();
  #readOf = '';
  #readAt = 0;
  #readLater: ReturnType<typeof setTimeout> | null = null;
  #undo = $state.raw<Undo | null>(null);
  #timer: ReturnType<typeof setTimeout> | null = null;

  readonly unit: UnitRow | null = $derived(
    live.viewer?.unit_id ? (live.units.get(live.viewer.unit_id) ?? null) : live.viewer?.call_sign ? (live.unit(live.viewer.call_sign) ?? null) : null,
  );
  readonly job: IncidentRow | null = $derived(this.unit?.incident_id ? (live.incidents.get(this.unit.incident_id) ?? null) : null);
  /** The incident that the open page writes to. */
  readonly writes: Held | null = $derived(this.panel && WRITES.has(this.panel) ? this.held : null);
  /** The incident that this screen reads and writes: that of the open page, else the job. Each event on it makes it anew. */
  readonly inHand: { id: string } | null = $derived(this.writes ? (live.incidents.get(this.writes.id) ?? this.writes) : this.job);
  /** What was opened is over by the clock: all that was read with it goes from the screen until it is read anew. */
  readonly lapsed: boolean = $derived(isOver(this.#read?.glass, clock.now));
  /** All that is known of the incident in hand; null while it is read. */
  readonly full: IncidentFull | null = $derived(this.#read && this.#read.id === this.inHand?.id && !this.lapsed ? this.#read : null);
  /** The page writes to an incident that is not the job, or not any more. */
  readonly moved: boolean = $derived(this.writes !== null && this.writes.id !== this.job?.id);
  /** The page was about a job that is over: nothing can be sent from it. */
  readonly outdated: boolean = $derived(this.panel !== null && OF_THE_JOB.has(this.panel) && this.held?.id !== this.job?.id);
  /** A status can be taken back until the unit has another job: then it would be a status of that one. */
  readonly undo: Undo | null = $derived(this.#undo && (!this.job || this.job.id === this.#undo.job) ? this.#undo : null);

  /** The marks of what this screen shows of the incident in hand. */
  get bases(): Bases {
    return (this.full ?? live.incidents.get(this.inHand?.id ?? ''))?.bases?.[0] ?? {};
  }

  open(panel: Panel): void {
    this.held = this.job ? { id: this.job.id, number: this.job.number, words: `${typeName(this.job)}, ${placeText(this.job)}` } : null;
    this.panel = panel;
    this.looked = '';
  }

  close(): void {
    this.panel = null;
    this.looked = '';
  }

  path(rest: string): string {
    return `/units/${encodeURIComponent(this.unit?.id ?? '')}${rest}`;
  }

  jobPath(rest: string): string {
    return `/incidents/${encodeURIComponent(this.inHand?.id ?? '')}${rest}`;
  }

  /** Words of a tap that name the incident where it is not the one on the screen. */
  said(words: string): string {
    return this.moved && this.writes ? `${words}, job ${this.writes.number}` : words;
  }

  setStatus(status: string, leg?: string): void {
    if (!this.unit || !live.scheme) return;
    const before = this.unit.status;
    const words = stepWords(status, statusWord(live.scheme, status));
    const key = queue.add(words, this.path('/status'), { status, at: clock.iso(), ...(leg ? { leg } : {}) });
    this.close();
    this.#offerUndo({ key, words, before, job: this.job?.id ?? null });
  }

  async takeBack(): Promise<void> {
    const last = this.undo;
    this.#undo = null;
    if (!last || !live.scheme) return;
    if (await queue.takeBack(last.key)) return;
    queue.add(`Correction: ${statusWord(live.scheme, last.before)}`, this.path('/status'), { status: last.before, at: clock.iso() });
  }

  /** The job's row has changed: read the job, at once when that was not done just now. */
  freshen(): void {
    const pause = this.inHand?.id === this.#readOf ? this.#readAt + READ_EVERY_MS - performance.now() : 0;
    if (pause <= 0) void this.readJob();
    else
      this.#readLater ??= setTimeout(() => {
        this.#readLater = null;
        void this.readJob();
      }, pause);
  }

  async readJob(): Promise<void> {
    const id = this.inHand?.id;
    if (!id) return;
    [this.#readOf, this.#readAt] = [id, performance.now()];
    // When it fails, the row of the live link stays on the screen; the log comes with the next change.
    await this.#readings.read(
      id,
      () => get<IncidentFull>(`/incidents/${encodeURIComponent(id)}`),
      (full) => {
        if (this.inHand?.id === id) this.#read = full;
      },
    );
  }

  /** Whether the job is being read. */
  get reading(): boolean {
    return this.#readings.out;
  }

  /** Take what a device kept of the job, while there is no link to read it by. */
  recall(full: IncidentFull | null): void {
    this.#read = full;
  }

  #offerUndo(undo: Undo): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#undo = undo;
    this.#timer = setTimeout(() => {
      this.#undo = null;
    }, UNDO_S * 1000);
  }
}

export const crew = new Crew();
