/**
 * Taps that have not been taken yet, kept on the device so that closing the page loses none. Each is sealed with a key
 * that the server gives to the person who signed in and that is kept in memory alone: without it the device holds
 * only bytes, and somebody else who signs in on it sees how many there are, and nothing else.
 */

import Dexie, { type Table } from 'dexie';
import { get } from '$shared/api';

interface Sealed {
  key: string;
  owner: string;
  order: number;
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

interface OutboxKey {
  /** The server and the person, joined by a point. */
  owner: string;
  key: string;
}

/** What is kept: anything that JSON holds, under its own key. */
interface Keepable {
  key: string;
}

const CIPHER = 'AES-GCM';
const IV_BYTES = 12;

class Store extends Dexie {
  readonly taps!: Table<Sealed, string>;

  constructor() {
    super('jru-outbox');
    this.version(1).stores({ taps: 'key, owner' });
  }
}

export class Outbox<T extends Keepable> {
  readonly #store = new Store();
  readonly #opened: OutboxKey;
  readonly #key: CryptoKey;
  /** Where each tap stands: a later version of one keeps the place of the first. */
  #orders = new Map<string, number>();
  #last = 0;
  /** What is written about a tap is written in order, so that the last word stays; taps do not wait for each other. */
  #writing = new Map<string, Promise<void>>();

  /** Whose outbox this is, as the server knows it. */
  get owner(): string {
    return this.#opened.owner;
  }

  private constructor(opened: OutboxKey, key: CryptoKey) {
    this.#opened = opened;
    this.#key = key;
  }

  /** Open the outbox of whoever is signed in. */
  static async open<T extends Keepable>(): Promise<Outbox<T>> {
    const opened = await get<OutboxKey>('/outbox-key');
    const raw = Uint8Array.from(atob(opened.key), (char) => char.charCodeAt(0));
    return new Outbox<T>(opened, await crypto.subtle.importKey('raw', raw, CIPHER, false, ['encrypt', 'decrypt']));
  }

  /** Return what waits of this person, in the order of the taps, and how many more of this server the device holds. */
  async read(): Promise<{ mine: T[]; others: number }> {
    const rows = await this.#store.taps.where('owner').equals(this.#opened.owner).sortBy('order');
    for (const row of rows) this.#orders.set(row.key, row.order);
    this.#last = rows.at(-1)?.order ?? 0;
    const read = await Promise.allSettled(rows.map((row) => this.#unsealed(row)));
    const mine = read.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    const here = `${this.#opened.owner.split('.')[0] ?? ''}.`;
    return { mine, others: (await this.#store.taps.where('owner').startsWith(here).count()) - mine.length };
  }

  /** Keep a tap as it is now; rejects when the device has no room. */
  put(tap: T): Promise<void> {
    const said = new TextEncoder().encode(JSON.stringify(tap));
    const order = this.#orders.get(tap.key) ?? (this.#last += 1);
    this.#orders.set(tap.key, order);
    return this.#next(tap.key, async () => {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const bytes = await crypto.subtle.encrypt({ name: CIPHER, iv, additionalData: this.#bound(tap.key) }, this.#key, said);
      await this.#store.taps.put({ key: tap.key, owner: this.#opened.owner, order, iv, bytes });
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

  async #unsealed(row: Sealed): Promise<T> {
    const said = await crypto.subtle.decrypt({ name: CIPHER, iv: row.iv, additionalData: this.#bound(row.key) }, this.#key, row.bytes);
    return JSON.parse(new TextDecoder().decode(said)) as T;
  }

  #bound(key: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(`${this.#opened.owner} ${key}`);
  }
}
