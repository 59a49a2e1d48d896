import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const STATUS = '/units/u1/status';
const key = btoa('b'.repeat(32));
const told = { told: 'done', outcome: {}, cursor: '' };
type Sent = { taps: { key: string; path: string; body: { n: number } }[] };

/** What each request carried, by its path; how the server answers a backlog: a status for each tap as far as it comes. */
let asked: { path: string; numbers: number[] }[] = [];
let linked = false;
let answers: number[] | null = [];
let people = 0;

beforeEach(() => {
  people += 1;
  const owner = `backlog${people}.person`;
  [asked, linked, answers] = [[], false, []];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const path = address.replace('/api/v1', '');
    if (path === '/outbox-key') return Promise.resolve(new Response(JSON.stringify({ owner, key })));
    if (path.startsWith('/outbox/missing')) return Promise.resolve(new Response(JSON.stringify({ missing: [] })));
    if (!linked) return Promise.reject(new TypeError('no link'));
    if (path !== '/outbox') {
      asked.push({ path, numbers: [(JSON.parse(init.body as string) as { n: number }).n] });
      return Promise.resolve(new Response(JSON.stringify(told)));
    }
    const { taps } = JSON.parse(init.body as string) as Sent;
    asked.push({ path, numbers: taps.map((tap) => tap.body.n) });
    if (!answers) return Promise.resolve(new Response(JSON.stringify({ title: 'No such address' }), { status: 404 }));
    const each = answers.map((status, index) => ({ key: taps[index]?.key, status, answer: status < 300 ? told : { title: `Said ${status}` } }));
    return Promise.resolve(new Response(JSON.stringify({ answers: each })));
  });
});
afterEach(() => vi.unstubAllGlobals());

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000 });

/** A page whose first taps were sent in vain. */
async function backlog(count: number) {
  vi.resetModules();
  const { clock } = await import('$shared/clock.svelte');
  const { queue } = await import('./queue.svelte');
  clock.set(new Date().toISOString(), 1);
  await queue.open();
  for (let n = 1; n <= count; n += 1) queue.add(`Tap ${n}`, STATUS, { n });
  await until(() => expect(queue.taps[0]?.tries).toBeGreaterThan(0));
  return queue;
}

it('goes in one request, and each tap hears its own answer; what was not tried waits', async () => {
  const queue = await backlog(4);
  [linked, answers] = [true, [200, 409, 503]];
  queue.nudge();
  await until(() => expect(queue.taps.map((tap) => [tap.words, tap.state, tap.tries > 0])).toEqual([
    ['Tap 2', 'refused', false],
    ['Tap 3', 'waiting', true],
    ['Tap 4', 'waiting', false],
  ]));
  expect(queue.taps[0]?.why).toBe('Said 409.');
  expect(asked).toEqual([{ path: '/outbox', numbers: [1, 2, 3, 4] }]);
  answers = [200, 200];
  queue.nudge();
  await until(() => expect(queue.taps.map((tap) => tap.words)).toEqual(['Tap 2']));
  expect(asked.slice(1)).toEqual([{ path: STATUS, numbers: [3] }, { path: STATUS, numbers: [4] }]);
  queue.stop();
});

it('goes one by one, in its order, where the server takes no backlog', async () => {
  const queue = await backlog(3);
  [linked, answers] = [true, null];
  queue.nudge();
  await until(() => expect(queue.taps).toEqual([]));
  expect(asked.map((one) => one.numbers)).toEqual([[1, 2, 3], [1], [2], [3]]);
  queue.stop();
});

it('is carried in pieces that a slow link can bring home', async () => {
  const queue = await backlog(3);
  for (const n of [4, 5, 6]) queue.add(`Tap ${n}`, STATUS, { n, text: 'x'.repeat(20_000) });
  [linked, answers] = [true, [200, 200, 200, 200]];
  queue.nudge();
  await until(() => expect(queue.taps).toEqual([]));
  expect(asked.map((one) => one.numbers)).toEqual([[1, 2, 3, 4], [5], [6]]);
  queue.stop();
});
