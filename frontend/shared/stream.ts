/**
 * The live link: server-sent events with the browser's own resumption, and polling when they fail.
 *
 * Pure of any screen: it reports what arrived and what the link is doing, and takes its world as an argument.
 */

import { ROOT } from './api';
import { spread } from './spread';
import type { Board, Change, DeskHere, Feed } from './types';

export type LinkState = 'opening' | 'live' | 'polling' | 'lost';

export interface Beat {
  now: string;
  rate: number;
  feeds: Feed[];
  restored_at: string | null;
}

export interface Sink {
  snapshot(board: Board): void;
  change(change: Change): void;
  heartbeat(beat: Beat): void;
  presence(desks: DeskHere[]): void;
  link(state: LinkState): void;
  /** The server knows this browser no more: nothing that stands on the screen is its to show. */
  ended(): void;
}

export interface Reader {
  board(): Promise<Board>;
  changes(cursor: string): Promise<Change & { cursor: string; more: boolean }>;
}

const SILENT_MS = 12_000;
const FIRST_POLL_MS = 1_000;
const POLL_MS = 3_000;
const RETRY_MS = 10_000;
/** A server that answers nobody is asked ever less often. */
const LONGEST_POLL_MS = 24_000;

export class Stream {
  #source: EventSource | null = null;
  #cursor = '';
  #heard = performance.now();
  #watch: ReturnType<typeof setInterval> | null = null;
  #poll: ReturnType<typeof setTimeout> | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #closed = false;
  /** The device says that it has a network again: nobody waits for the next try. */
  readonly #online = (): void => {
    if (this.#source?.readyState !== EventSource.OPEN) this.#connect();
  };
  /** How often changes were asked for in vain. */
  #vain = 0;

  constructor(
    private readonly sink: Sink,
    private readonly reader: Reader,
  ) {}

  open(): void {
    this.sink.link('opening');
    this.#connect();
    globalThis.addEventListener?.('online', this.#online);
    this.#watch = setInterval(() => {
      if (performance.now() - this.#heard > SILENT_MS) this.#fall();
    }, 2_000);
  }

  close(): void {
    this.#closed = true;
    this.#source?.close();
    globalThis.removeEventListener?.('online', this.#online);
    if (this.#watch) clearInterval(this.#watch);
    if (this.#poll) clearTimeout(this.#poll);
    if (this.#retry) clearTimeout(this.#retry);
    this.#poll = null;
  }

  #connect(): void {
    if (this.#closed) return;
    this.#source?.close();
    const source = new EventSource(`${ROOT}/stream`);
    this.#source = source;
    this.#heard = performance.now();
    const on = <T>(name: string, take: (data: T) => void): void => {
      source.addEventListener(name, (event) => {
        const message = event as MessageEvent<string>;
        this.#heard = performance.now();
        if (message.lastEventId) this.#cursor = message.lastEventId;
        this.#live();
        take(JSON.parse(message.data) as T);
      });
    };
    on<Board>('snapshot', (board) => {
      this.#cursor = board.cursor;
      this.sink.snapshot(board);
    });
    on<Change>('change', (change) => this.sink.change(change));
    on<{ desks: DeskHere[] }>('presence', ({ desks }) => this.sink.presence(desks));
    on<Beat>('heartbeat', (beat) => this.sink.heartbeat(beat));
    // The server says good-bye and closes; the browser reconnects by itself and names the last event.
    source.addEventListener('bye', () => this.sink.link('opening'));
    source.addEventListener('error', () => {
      if (!this.#poll) this.sink.link('lost');
      // Refused for good, or never heard: no use in waiting for the browser's own next try.
      if (source.readyState === EventSource.CLOSED || !this.#cursor) this.#fall();
    });
  }

  #live(): void {
    if (this.#poll) clearTimeout(this.#poll);
    if (this.#retry) clearTimeout(this.#retry);
    this.#poll = null;
    this.#retry = null;
    this.sink.link('live');
  }

  /** The stream is silent or refused: ask for changes instead, and try the stream again now and then. */
  #fall(): void {
    if (this.#closed) return;
    if (!this.#poll) this.#ask(spread(FIRST_POLL_MS));
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.#connect();
    }, spread(RETRY_MS));
  }

  #ask(delay: number): void {
    this.#poll = setTimeout(() => void this.#once(), delay);
  }

  async #once(): Promise<void> {
    const asked = this.#poll;
    try {
      if (this.#cursor) {
        const change = await this.reader.changes(this.#cursor);
        // The stream is back and went on meanwhile: this answer is older.
        if (this.#poll !== asked) return;
        this.#cursor = change.cursor;
        this.sink.change(change);
      } else {
        const board = await this.reader.board();
        if (this.#poll !== asked) return;
        this.#cursor = board.cursor;
        this.sink.snapshot(board);
      }
      this.#vain = 0;
      if (this.#poll) this.sink.link('polling');
    } catch (problem) {
      const { status } = problem as { status?: number };
      if (status === 401) {
        this.close();
        this.sink.ended();
        return;
      }
      if (status === 410) this.#cursor = '';
      else {
        this.#vain += 1;
        if (this.#poll) this.sink.link('lost');
      }
    }
    if (this.#poll && !this.#closed) this.#ask(spread(Math.min(LONGEST_POLL_MS, POLL_MS * 2 ** Math.min(this.#vain, 6))));
  }
}
