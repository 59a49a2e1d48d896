import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COPIES, forgetCopies } from '$shared/copies';
import { type Copy, keep, recall } from './copy';
import type { Opened } from './seal';

const HOUR = 3_600_000;

async function opened(owner = 'here.one'): Promise<Opened> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  return { owner, key: key as CryptoKey };
}

function copy(place: string): Copy {
  const told = { viewer: { name: 'Example One' }, scheme: {}, full: null, board: { now: '2019-08-16T21:00:00Z', rate: 1, incidents: [{ place }], units: [] } };
  return told as unknown as Copy;
}

async function raw(): Promise<Record<string, unknown>[]> {
  const database = await new Promise<IDBDatabase>((done) => {
    const asked = indexedDB.open(COPIES);
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await new Promise<Record<string, unknown>[]>((done) => {
    const asked = database.transaction('copies').objectStore('copies').getAll();
    asked.onsuccess = () => done(asked.result as Record<string, unknown>[]);
  });
  database.close();
  return rows;
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await forgetCopies();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('the copy of a job', () => {
  it('comes back with its key and its age, and lies sealed meanwhile', async () => {
    await keep(await opened(), copy('High Street'));
    const [row] = await raw();
    expect(new TextDecoder().decode(row?.bytes as ArrayBuffer)).not.toContain('High Street');
    await expect(crypto.subtle.exportKey('raw', row?.key as CryptoKey)).rejects.toThrow();
    vi.setSystemTime(Date.now() + HOUR);
    const found = await recall();
    expect(found?.copy).toEqual(copy('High Street'));
    expect(found?.age).toBe(HOUR);
    expect(found?.opened.owner).toBe('here.one');
  });

  it('is one: the last of whoever was signed in last', async () => {
    await keep(await opened(), copy('High Street'));
    await keep(await opened('here.two'), copy('Station Road'));
    expect(await raw()).toHaveLength(1);
    expect((await recall())?.copy).toEqual(copy('Station Road'));
  });

  it.each([
    ['after twelve hours without the server', 12 * HOUR + 1],
    ['when the clock of the device was put back', -6 * 60_000],
  ])('is forgotten %s', async (_words, later) => {
    await keep(await opened(), copy('High Street'));
    vi.setSystemTime(Date.now() + later);
    expect(await recall()).toBeNull();
    vi.setSystemTime(Date.now() - later);
    expect(await recall()).toBeNull();
  });

  it('is not written when it is forgotten while it is made', async () => {
    const being = keep(await opened(), copy('High Street'));
    await forgetCopies();
    await being;
    expect(await recall()).toBeNull();
  });

  it('stays the last one, however long an earlier one took to seal', async () => {
    const by = await opened();
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...of) => {
      await held;
      return encrypt(...of);
    });
    const earlier = keep(by, copy('High Street'));
    await keep(by, copy('Station Road'));
    go();
    await earlier;
    expect((await recall())?.copy).toEqual(copy('Station Road'));
  });

  it('is not written when it is forgotten while the database opens', async () => {
    const open = indexedDB.open.bind(indexedDB);
    let forgetting: Promise<void> | undefined;
    vi.spyOn(indexedDB, 'open').mockImplementationOnce((...of) => {
      forgetting = forgetCopies();
      return open(...of);
    });
    await keep(await opened(), copy('High Street'));
    await forgetting;
    expect(forgetting).toBeDefined();
    expect(await recall()).toBeNull();
  });

  it('opens with its own key only', async () => {
    await keep(await opened(), copy('High Street'));
    const [row] = await raw();
    await forgetCopies();
    await keep(await opened(), copy('Station Road'));
    const database = await new Promise<IDBDatabase>((done) => {
      const asked = indexedDB.open(COPIES);
      asked.onsuccess = () => done(asked.result);
    });
    const [other] = await raw();
    await new Promise((done) => {
      const put = database.transaction('copies', 'readwrite').objectStore('copies').put({ ...other, bytes: row?.bytes, iv: row?.iv });
      put.onsuccess = done;
    });
    database.close();
    expect(await recall()).toBeNull();
  });
});
