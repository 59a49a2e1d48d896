import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Tap } from './queue.svelte';

const STATUS = '/units/u1/status';
const EMERGENCY = '/units/u1/emergency';
const key = btoa('o'.repeat(32));
let owner = '';
/** Nobody answers who asks for the key of the outbox. */
let shut = false;
let people = 0;
/** What was sent, as path and idempotency key; the server answers in the way that is set here. */
let sent: [string, string][] = [];
let answer: () => Promise<Response>;
const told = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify({ told: 'done', outcome: {}, cursor: '' })));
const signedOut = (): Promise<Response> => Promise.resolve(new Response('{"title":"No session"}', { status: 401 }));
const never = (): Promise<Response> => new Promise(() => undefined);

beforeEach(() => {
  people += 1;
  [owner, sent, answer, shut] = [`server${people}.person`, [], told, false];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    if (address.endsWith('/outbox-key') && shut) return Promise.reject(new TypeError('no link'));
    if (address.endsWith('/outbox-key')) return Promise.resolve(new Response(JSON.stringify({ owner, key })));
    if (address.includes('/outbox/missing')) return Promise.resolve(new Response('{"missing":[]}'));
    sent.push([address.replace('/api/v1', ''), (init.headers as Record<string, string>)['Idempotency-Key'] ?? '']);
    return answer();
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Wait for what a busy machine may take long to do. */
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000 });

/** A page of the crew's, with nothing in memory, that has not heard from the server yet. */
async function fresh() {
  vi.resetModules();
  const { clock } = await import('$shared/clock.svelte');
  const { queue } = await import('./queue.svelte');
  return { clock, queue };
}

async function page() {
  const { clock, queue } = await fresh();
  clock.set(new Date().toISOString(), 1);
  await queue.open();
  return queue;
}

async function outboxHere() {
  const [{ Outbox }, { unlocked }] = [await import('./outbox'), await import('./seal')];
  return new Outbox<Tap>(await unlocked());
}

async function kept(): Promise<Tap[]> {
  return (await (await outboxHere()).read()).mine;
}

async function leave(...taps: Partial<Tap>[]): Promise<void> {
  const outbox = await outboxHere();
  const at = new Date().toISOString();
  for (const tap of taps) await outbox.put({ key: 'k', words: 'x', path: STATUS, body: {}, at, state: 'sending', why: '', tries: 0, again: 0, ...tap });
}

describe('taps of a page that was closed', { timeout: 30_000 }, () => {
  it('wait on the device until the server has answered, and are sent again under their keys', async () => {
    answer = never;
    const first = await page();
    first.add('On our way', STATUS);
    first.add('Arrived', STATUS);
    await until(() => expect(sent).toHaveLength(1));
    const keys = first.taps.map((tap) => tap.key);
    await until(async () => expect(await kept()).toHaveLength(2));
    first.stop();
    const second = await page();
    expect(second.taps.map((tap) => [tap.words, tap.state])).toEqual([['On our way', 'sending'], ['Arrived', 'waiting']]);
    expect(await second.takeBack(keys[1] ?? '')).toBe(false);
    await until(() => expect(sent).toHaveLength(2));
    second.stop();
    answer = told;
    const third = await page();
    await until(() => expect(third.taps).toEqual([]));
    expect(sent.map(([, used]) => used)).toEqual([keys[0], keys[0], keys[0], keys[1]]);
    await until(async () => expect(await kept()).toEqual([]));
  });

  it('tell of an emergency that is old, and do not raise it', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString();
    await leave({ key: 'e1', words: 'Emergency', path: EMERGENCY, at }, { key: 's1', words: 'Arrived', at });
    const queue = await page();
    await until(() => expect(sent).toEqual([[STATUS, 's1']]));
    await until(() => expect(queue.taps.map((tap) => [tap.words, tap.state])).toEqual([['Emergency', 'refused']]));
    expect(queue.taps[0]?.why).toContain('Raise it again');
  });

  it('raise an emergency that is fresh', async () => {
    await leave({ key: 'e1', words: 'Emergency', path: EMERGENCY });
    const queue = await page();
    await until(() => expect(queue.taps).toEqual([]));
    expect(sent).toEqual([[EMERGENCY, 'e1']]);
  });

  it('wait for the clock of the server, by which an emergency is fresh or old', async () => {
    const at = '2019-08-16T22:41:00Z';
    await leave({ key: 'e1', words: 'Emergency', path: EMERGENCY, at });
    const { clock, queue } = await fresh();
    await queue.open();
    expect([queue.taps, sent]).toEqual([[], []]);
    clock.set('2019-08-16T22:42:00Z', 1);
    await queue.open();
    await until(() => expect(queue.taps).toEqual([]));
    expect(sent).toEqual([[EMERGENCY, 'e1']]);
    await queue.open();
    expect(sent).toHaveLength(1);
  });

  it('are not refused because the session is over', async () => {
    answer = signedOut;
    const first = await page();
    first.add('Arrived', STATUS);
    await until(() => expect(first.taps[0]?.tries).toBe(1));
    first.stop();
    answer = told;
    const second = await page();
    await until(() => expect(second.taps).toEqual([]));
  });

  it('of other people are counted and left alone', async () => {
    await leave({ key: 'a1', words: 'Arrived' });
    owner = `server${people}.somebody-else`;
    const queue = await page();
    expect([queue.taps, queue.others]).toEqual([[], 1]);
    expect(sent).toEqual([]);
  });

  it('are said to wait in the page only when the device takes nothing', async () => {
    answer = never;
    const queue = await page();
    expect(queue.kept).toBe(true);
    const full = vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    const arrived = queue.add('Arrived', STATUS);
    await until(() => expect([...queue.unkept]).toEqual([arrived]));
    expect(sent).toHaveLength(1);
    full.mockRestore();
    queue.add('At patient', STATUS);
    await until(async () => expect((await kept()).map((tap) => tap.words)).toEqual(['At patient']));
    expect([queue.kept, ...queue.unkept]).toEqual([false, arrived]);
    queue.dismiss(arrived);
    expect(queue.kept).toBe(true);
  });

  it('go on their way as soon as the outbox opens, which is tried again', async () => {
    await leave({ key: 's1', words: 'Arrived' });
    shut = true;
    const queue = await page();
    expect([queue.unopened, queue.kept, queue.taps]).toEqual([true, false, []]);
    queue.nudge();
    shut = false;
    await until(() => expect(sent).toEqual([[STATUS, 's1']]));
    await until(() => expect([queue.unopened, queue.kept, queue.taps]).toEqual([false, true, []]));
  });

  it('are asked for at once when the link is back, and no more when the session is over', async () => {
    await leave({ key: 's1', words: 'Arrived' });
    shut = true;
    const queue = await page();
    shut = false;
    queue.nudge();
    await until(() => expect(sent).toEqual([[STATUS, 's1']]));
    shut = true;
    const ended = await page();
    ended.stop();
    shut = false;
    await ended.open();
    expect(ended.taps).toEqual([]);
  });
});
