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
  /** Another page has read it and may send it. */
  claimed?: boolean;
}

/** A tap that the server has taken, kept in case it is restored from an older copy. */
interface Taken extends Sealed {
  key: string;
  owner: string;
  at: number;
}

const TAKEN_KEPT_MS = 12 * 3_600_000;
const MOST_TAKEN = 500;

/** What is kept: anything that JSON holds, under its own key. */
interface Keepable {
  key: string;
}

class Store extends Dexie {
  readonly taps!: Table<Row, string>;
  readonly taken!: Table<Taken, string>;

  constructor() {
    super('jru-outbox');
    this.version(1).stores({ taps: 'key, owner' });
    this.version(2).stores({ taps: 'key, owner', taken: 'key, owner, at' });
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
    const rows = await this.#store.transaction('rw', this.#store.taps, async () => {
      const own = this.#store.taps.where('owner').equals(this.#opened.owner);
      await own.modify({ claimed: true });
      return own.sortBy('order');
    });
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
      const shut = await sealed(this.#opened, tap.key, tap);
      await this.#store.transaction('rw', this.#store.taps, this.#store.taken, async () => {
        const claimed = (await this.#store.taps.get(tap.key))?.claimed ?? false;
        await this.#store.taps.put({ key: tap.key, owner, order, claimed, ...shut });
        await this.#store.taken.delete(tap.key);
      });
    });
  }

  /** Whether the server has taken a tap from any page of this device. */
  async isTaken(key: string): Promise<boolean> {
    return (await this.#store.taken.get(key))?.owner === this.#opened.owner;
  }

  /** Forget a tap that never left; false when another page of this device may have sent it. */
  async withdraw(key: string): Promise<boolean> {
    let free = true;
    await this.#next(key, () =>
      this.#store.transaction('rw', this.#store.taps, async () => {
        free = !(await this.#store.taps.get(key))?.claimed;
        if (free) await this.#store.taps.delete(key);
      }),
    ).finally(() => this.#writing.delete(key));
    return free;
  }

  /** The server took a tap: it is kept for twelve hours more, for a server that is restored from an older copy. */
  took(tap: T): Promise<void> {
    this.#orders.delete(tap.key);
    return this.#next(tap.key, async () => {
      const row = { key: tap.key, owner: this.#opened.owner, at: Date.now(), ...(await sealed(this.#opened, tap.key, tap)) };
      await this.#store.transaction('rw', this.#store.taps, this.#store.taken, async () => {
        await this.#store.taps.delete(tap.key);
        await this.#store.taken.put(row);
      });
    }).finally(() => this.#writing.delete(tap.key));
  }

  /** Return what the server took from this person in the last twelve hours; what is older is forgotten. */
  async taken(): Promise<T[]> {
    const { taken } = this.#store;
    await taken.where('at').below(Date.now() - TAKEN_KEPT_MS).delete();
    const rows = await taken.where('owner').equals(this.#opened.owner).sortBy('at');
    await taken.bulkDelete(rows.slice(0, -MOST_TAKEN).map((row) => row.key));
    const read = await Promise.allSettled(rows.slice(-MOST_TAKEN).map((row) => unsealed<T>(this.#opened, row.key, row)));
    return read.filter((one) => one.status === 'fulfilled').map((one) => one.value);
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
