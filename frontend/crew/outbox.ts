/**
 * Taps that have not been taken yet, kept on the device so that closing the page loses none. Each is sealed with a key
 * that the server gives to the person who signed in: without it the device holds only bytes, and somebody else who signs
 * in on it sees how many there are, and nothing else.
 */

import Dexie, { type Table } from 'dexie';
import { type Opened, type Sealed, sealed, unsealed } from './seal';

interface Row extends Sealed {
  key: string;
  owner: string;
  order: number;
}

/** What is kept: anything that JSON holds, under its own key. */
interface Keepable {
  key: string;
}

class Store extends Dexie {
  readonly taps!: Table<Row, string>;

  constructor() {
    super('jru-outbox');
    this.version(1).stores({ taps: 'key, owner' });
  }
}

export class Outbox<T extends Keepable> {
  readonly #store = new Store();
  readonly #opened: Opened;
  /** Where each tap stands: a later version of one keeps the place of the first. */
  #orders = new Map<string, number>();
  #last = 0;
  /** What is written about a tap is written in order, so that the last word stays; taps do not wait for each other. */
  #writing = new Map<string, Promise<void>>();

  /** Whose outbox this is, as the server knows it. */
  get owner(): string {
    return this.#opened.owner;
  }

  constructor(opened: Opened) {
    this.#opened = opened;
  }

  /** Return what waits of this person, in the order of the taps, and how many more of this server the device holds. */
  async read(): Promise<{ mine: T[]; others: number }> {
    const rows = await this.#store.taps.where('owner').equals(this.#opened.owner).sortBy('order');
    for (const row of rows) this.#orders.set(row.key, row.order);
    this.#last = rows.at(-1)?.order ?? 0;
    const read = await Promise.allSettled(rows.map((row) => unsealed<T>(this.#opened, row.key, row)));
    const mine = read.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    const here = `${this.#opened.owner.split('.')[0] ?? ''}.`;
    return { mine, others: (await this.#store.taps.where('owner').startsWith(here).count()) - mine.length };
  }

  /** Keep a tap as it is now; rejects when the device has no room. */
  put(tap: T): Promise<void> {
    const order = this.#orders.get(tap.key) ?? (this.#last += 1);
    this.#orders.set(tap.key, order);
    return this.#next(tap.key, async () => {
      const { owner } = this.#opened;
      await this.#store.taps.put({ key: tap.key, owner, order, ...(await sealed(this.#opened, tap.key, tap)) });
    });
  }

  /** Forget a tap: the server took it, or a person has seen that it was refused. */
  remove(key: string): Promise<void> {
    this.#orders.delete(key);
    return this.#next(key, () => this.#store.taps.delete(key)).finally(() => this.#writing.delete(key));
  }

  #next(key: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#writing.get(key) ?? Promise.resolve()).then(work);
    this.#writing.set(key, done.catch(() => undefined));
    return done;
  }
}
