/**
 * What the crew's page shows when it is opened without a link: the own unit, its job, and who was signed in.
 *
 * It is sealed with the outbox's key, which stands beside it in a form that no script can read out, and which the device
 * forgets with it: at sign-out, at the end of the session or the shift, and after twelve hours without the server.
 */

import Dexie, { type Table } from 'dexie';
import { COPIES, forgetCopies, timesForgotten } from '$shared/copies';
import type { Board, IncidentFull, Scheme, Viewer } from '$shared/types';
import { type Opened, sealed, unsealed, type Sealed } from './seal';

export interface Copy {
  viewer: Viewer;
  scheme: Scheme;
  /** The own unit and its job, and nothing else of the board. */
  board: Board;
  /** All that was read of the job. */
  full: IncidentFull | null;
}

interface Row extends Opened, Sealed {
  /** The device's own time when the server last spoke. */
  at: number;
}

const LONGEST_MS = 12 * 3_600_000;
/** A device's clock may be put right by so much; one that was put back further could keep a copy for ever. */
const SLIP_MS = 5 * 60_000;

/** Copies in the order in which they were made, and the last that was written: none takes the place of a newer one. */
let made = 0;
let written = 0;

class Store extends Dexie {
  readonly copies!: Table<Row, string>;

  constructor() {
    super(COPIES);
    this.version(1).stores({ copies: 'owner' });
  }
}

/** Keep a copy in place of the one before; rejects when the device has no room. */
export async function keep(opened: Opened, copy: Copy): Promise<void> {
  const begun = timesForgotten();
  const mine = (made += 1);
  const at = Date.now();
  const row: Row = { ...opened, ...(await sealed(opened, COPIES, copy)), at };
  const store = new Store();
  try {
    await store.transaction('rw', store.copies, async () => {
      // Asked here, where whoever forgets it must wait: opening the database takes time as sealing does.
      if (begun !== timesForgotten() || mine < written) return;
      written = mine;
      await store.copies.clear();
      await store.copies.put(row);
    });
  } finally {
    store.close();
  }
}

/** Return what the device keeps with its key and its age in milliseconds; null when there is nothing, or it is too old. */
export async function recall(): Promise<{ opened: Opened; copy: Copy; age: number } | null> {
  const store = new Store();
  const row = await store.copies.toCollection().first().catch(() => undefined);
  store.close();
  if (!row) return null;
  const age = Date.now() - row.at;
  const opened: Opened = { owner: row.owner, key: row.key };
  try {
    if (age < -SLIP_MS || age > LONGEST_MS) throw new Error('too old');
    return { opened, copy: await unsealed<Copy>(opened, COPIES, row), age: Math.max(0, age) };
  } catch {
    await forgetCopies();
    return null;
  }
}
