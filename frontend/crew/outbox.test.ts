import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox } from './outbox';
import { unlocked } from './seal';

interface Tap {
  key: string;
  words: string;
}

const OFFICER = { owner: 'here.officer', key: btoa('o'.repeat(32)) };
const PARAMEDIC = { owner: 'here.paramedic', key: btoa('p'.repeat(32)) };
const ELSEWHERE = { owner: 'there.officer', key: btoa('e'.repeat(32)) };

async function signedIn(as: { owner: string; key: string }): Promise<Outbox<Tap>> {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(as))));
  return new Outbox<Tap>(await unlocked());
}

beforeEach(() => vi.stubGlobal('indexedDB', indexedDB));
afterEach(async () => {
  for (const as of [OFFICER, PARAMEDIC, ELSEWHERE]) {
    const outbox = await signedIn(as);
    for (const tap of (await outbox.read()).mine) await outbox.remove(tap.key);
  }
  vi.unstubAllGlobals();
});

describe('an outbox', () => {
  it('is there in the order of the taps after the page was closed', async () => {
    const outbox = await signedIn(OFFICER);
    await outbox.put({ key: 'c', words: 'first' });
    await outbox.put({ key: 'a', words: 'second' });
    await outbox.put({ key: 'b', words: 'third' });
    await outbox.put({ key: 'c', words: 'first, tried once' });
    await outbox.remove('a');
    const again = await signedIn(OFFICER);
    expect((await again.read()).mine.map((tap) => tap.words)).toEqual(['first, tried once', 'third']);
    await again.put({ key: 'd', words: 'fourth' });
    expect((await (await signedIn(OFFICER)).read()).mine.map((tap) => tap.key)).toEqual(['c', 'b', 'd']);
  });

  it('is open to its own person only; others of the same server learn how many there are', async () => {
    await (await signedIn(OFFICER)).put({ key: 'a', words: 'Example Suspect' });
    expect(await (await signedIn(PARAMEDIC)).read()).toEqual({ mine: [], others: 1 });
    expect(await (await signedIn(ELSEWHERE)).read()).toEqual({ mine: [], others: 0 });
    expect(await (await signedIn({ ...OFFICER, key: PARAMEDIC.key })).read()).toEqual({ mine: [], others: 1 });
  });

  it('holds no words in clear', async () => {
    await (await signedIn(OFFICER)).put({ key: 'a', words: 'Example Suspect' });
    const database = await new Promise<IDBDatabase>((resolve) => {
      const asked = indexedDB.open('jru-outbox');
      asked.onsuccess = () => resolve(asked.result);
    });
    const rows = await new Promise<{ bytes: ArrayBuffer }[]>((resolve) => {
      const asked = database.transaction('taps').objectStore('taps').getAll();
      asked.onsuccess = () => resolve(asked.result as { bytes: ArrayBuffer }[]);
    });
    database.close();
    expect(rows).toHaveLength(1);
    expect(new TextDecoder().decode(rows[0]?.bytes)).not.toContain('Suspect');
  });
});
