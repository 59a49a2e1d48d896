/** The board as this viewer may see it, kept current by the live link. */

import { SvelteMap } from 'svelte/reactivity';
import { get } from './api';
import { clock } from './clock.svelte';
import { Stream, type LinkState } from './stream';
import type { Board, Change, DeskHere, Feed, GlassAlert, IncidentRow, Iso, Scheme, UnitRow, Viewer } from './types';

/** On a board that changes all the time no answer stands; the link brings what changes. */
const RENEWALS = 3;

class Live {
  scheme = $state.raw<Scheme | null>(null);
  viewer = $state.raw<Viewer | null>(null);
  feeds = $state.raw<Feed[]>([]);
  alerts = $state.raw<GlassAlert[]>([]);
  /** The desks of both rooms that have an incident open which this viewer may know of. */
  desks = $state.raw<DeskHere[]>([]);
  link = $state<LinkState>('opening');
  ready = $state(false);
  /** The session is over: the board is gone from this browser. */
  ended = $state(false);
  synthetic = $state(true);
  /** When a device showed that the server was restored from an older copy. */
  restoredAt = $state<Iso | null>(null);
  exercise = $state(false);
  /** When the link was last known to be good, in virtual milliseconds. */
  goodAt = $state(0);
  readonly incidents = new SvelteMap<string, IncidentRow>();
  readonly units = new SvelteMap<string, UnitRow>();
  /** Rows came without their personal fields: looks cannot be put on record. */
  readonly withheld: boolean = $derived([...this.units.values(), ...this.incidents.values()].some((row) => row.withheld?.length));
  #stream: Stream | null = null;
  /** Counts what was heard of the board: an answer that was asked for before may be older. */
  #heard = 0;
  #listeners: ((change: Change) => void)[] = [];

  /** Open the live link at once; the scheme's words arrive beside it. */
  async open(viewer: Viewer): Promise<void> {
    this.viewer = viewer;
    this.#stream?.close();
    const words = get<Scheme>('/scheme');
    this.#stream = new Stream(
      {
        snapshot: (board) => this.#take(board),
        change: (change) => this.#apply(change),
        heartbeat: (beat) => {
          this.#beat(beat.now, beat.rate, beat.feeds);
          this.restoredAt = beat.restored_at;
        },
        presence: (desks) => {
          this.desks = desks;
        },
        link: (state) => {
          this.link = state;
          // Who is where is known by the live link alone.
          if (state !== 'live') this.desks = [];
        },
        ended: () => this.end(),
      },
      {
        board: () => get('/board'),
        changes: (cursor) => get(`/changes?after=${encodeURIComponent(cursor)}`),
      },
    );
    this.#stream.open();
    this.scheme = await words;
  }

  /** Show what a device kept while there is no link: as it was at `board.now`, by a clock that has gone on for `age` milliseconds. */
  recall(viewer: Viewer, scheme: Scheme, board: Board, age: number): void {
    this.viewer = viewer;
    this.scheme = scheme;
    this.#take(board);
    clock.set(new Date(Date.parse(board.now) + age * board.rate).toISOString(), board.rate);
    this.link = 'lost';
  }

  close(): void {
    this.#stream?.close();
  }

  /** Hear each change after it was applied; returns the way to stop. */
  heard(listener: (change: Change) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      this.#listeners = this.#listeners.filter((one) => one !== listener);
    };
  }

  /** Read the whole board again, for what changed without any row changing. An answer that was overtaken is asked for anew. */
  async renew(): Promise<void> {
    try {
      for (let tries = 0; tries < RENEWALS && !this.ended; tries += 1) {
        const heard = this.#heard;
        const board = await get<Board>('/board');
        if (heard === this.#heard) return this.#take(board);
      }
    } catch {
      // The live link tells whether the server is there.
    }
  }

  unit(callSign: string): UnitRow | undefined {
    return [...this.units.values()].find((unit) => unit.call_sign === callSign);
  }

  #beat(now: string, rate: number, feeds?: Feed[]): void {
    clock.set(now, rate);
    this.goodAt = Date.parse(now);
    if (feeds) this.feeds = feeds;
  }

  #take(board: Board): void {
    this.#heard += 1;
    this.#beat(board.now, board.rate, board.feeds);
    this.synthetic = board.synthetic;
    this.restoredAt = board.restored_at;
    this.exercise = board.exercise;
    replace(this.incidents, board.incidents);
    replace(this.units, board.units);
    this.alerts = board.alerts ?? [];
    this.ready = true;
    this.#tell({ now: board.now, rate: board.rate, incidents: board.incidents, units: board.units });
  }

  #apply(change: Change): void {
    this.#heard += 1;
    this.#beat(change.now, change.rate);
    for (const row of change.incidents ?? []) this.incidents.set(row.id, row);
    for (const row of change.units ?? []) this.units.set(row.id, row);
    for (const id of change.gone ?? []) {
      this.incidents.delete(id);
      this.units.delete(id);
    }
    if (change.alerts) this.alerts = change.alerts;
    this.#tell(change);
  }

  /** The session is over: nothing of it stays on the screen. */
  end(): void {
    this.close();
    this.#heard += 1;
    this.ended = true;
    this.ready = false;
    this.incidents.clear();
    this.units.clear();
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function replace<T extends { id: string }>(rows: SvelteMap<string, T>, fresh: T[]): void {
  const kept = new Set(fresh.map((row) => row.id));
  for (const id of [...rows.keys()]) if (!kept.has(id)) rows.delete(id);
  for (const row of fresh) rows.set(row.id, row);
}

export const live = new Live();
