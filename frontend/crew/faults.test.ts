import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const STATUS = '/units/u1/status';
const key = btoa('o'.repeat(32));
let people = 0;
let owner = '';
/** What was sent, as key and body; what the server answers, and which of the taken keys it has lost. */
let sent: [string, unknown][] = [];
let status = 200;
let lost: string[] = [];
let askedFor: string[] = [];

beforeEach(() => {
  people += 1;
  [owner, sent, status, lost, askedFor] = [`faults${people}.person`, [], 200, [], []];
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    if (address.endsWith('/outbox-key')) return Promise.resolve(new Response(JSON.stringify({ owner, key })));
    if (address.includes('/outbox/missing')) {
      askedFor = new URL(address, 'http://x').searchParams.getAll('key');
      return Promise.resolve(new Response(JSON.stringify({ missing: askedFor.filter((one) => lost.includes(one)) })));
    }
    sent.push([(init.headers as Record<string, string>)['Idempotency-Key'] ?? '', JSON.parse(init.body as string)]);
    return Promise.resolve(new Response(JSON.stringify({ told: 'done', outcome: {}, cursor: '', title: 'Not now' }), { status }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000 });

async function page() {
  vi.resetModules();
  const { clock } = await import('$shared/clock.svelte');
  const { queue } = await import('./queue.svelte');
  clock.set(new Date().toISOString(), 1);
  await queue.open();
  return queue;
}

async function outboxHere() {
  const [{ Outbox }, { unlocked }] = [await import('./outbox'), await import('./seal')];
  return new Outbox<{ key: string }>(await unlocked());
}

describe('two pages on one device', { timeout: 30_000 }, () => {
  it('send a tap once when it can be sent: what one has sent, the other lets go', async () => {
    status = 503;
    const first = await page();
    const tap = first.add('Arrived', STATUS);
    await until(async () => expect((await (await outboxHere()).read()).mine).toHaveLength(1));
    const second = await page();
    await until(() => expect(second.taps.map((one) => [one.words, one.tries])).toEqual([['Arrived', 2]]));
    for (const one of second.taps) one.again = performance.now() + 60_000;
    [status, sent] = [200, []];
    first.nudge();
    await until(async () => expect(await (await outboxHere()).isTaken(tap)).toBe(true));
    second.nudge();
    await until(() => expect(second.taps).toEqual([]));
    expect(first.taps).toEqual([]);
    expect(sent.map(([used]) => used)).toEqual([tap]);
    first.stop();
    second.stop();
  });
});

describe('a server that was restored from an older copy', { timeout: 30_000 }, () => {
  it('gets again what it had taken and lost, as it was, and the crew is told', async () => {
    const queue = await page();
    const keys = [queue.add('Arrived', STATUS, { status: 'scene' }), queue.add('At patient', STATUS, { status: 'patient' })];
    await until(async () => expect(await (await outboxHere()).taken()).toHaveLength(2));
    queue.nudge();
    await until(() => expect(askedFor).toEqual(keys));
    expect([sent.length, queue.lost]).toEqual([2, 0]);
    lost = [keys[1] ?? ''];
    queue.nudge();
    await until(() => expect(sent).toHaveLength(3));
    expect(sent[2]).toEqual(sent[1]);
    await until(() => expect(queue.taps).toEqual([]));
    expect(queue.lost).toBe(1);
    queue.stop();
  });

  it('gets again what a page had sent that was closed since', async () => {
    const first = await page();
    const tap = first.add('Arrived', STATUS);
    await until(async () => expect(await (await outboxHere()).taken()).toHaveLength(1));
    first.stop();
    lost = [tap];
    const second = await page();
    await until(() => expect(sent.map(([used]) => used)).toEqual([tap, tap]));
    second.stop();
  });

  it('does not get a photo again: the crew is told that it is lost', async () => {
    const queue = await page();
    const photo = queue.add('Photo', '/incidents/i1/attachments', { content: 'x'.repeat(100_000) });
    await until(async () => expect(await (await outboxHere()).taken()).toHaveLength(1));
    lost = [photo];
    queue.nudge();
    await until(() => expect(queue.taps.map((tap) => [tap.words, tap.state])).toEqual([['Photo', 'refused']]));
    expect(queue.taps[0]?.why).toContain('Send it again');
    expect(sent).toHaveLength(1);
    queue.stop();
  });

  it('forgets what it took twelve hours ago', async () => {
    const queue = await page();
    queue.add('Arrived', STATUS);
    await until(async () => expect(await (await outboxHere()).taken()).toHaveLength(1));
    const later = Date.now() + 12 * 3_600_000 + 1;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    expect(await (await outboxHere()).taken()).toEqual([]);
    queue.stop();
  });
});

describe('a device without room', { timeout: 30_000 }, () => {
  it('sends its taps all the same, says that they wait in the page only, and keeps them once it has room', async () => {
    status = 503;
    const queue = await page();
    const full = vi.spyOn(crypto.subtle, 'encrypt').mockRejectedValue(new DOMException('no room', 'QuotaExceededError'));
    const tap = queue.add('Arrived', STATUS);
    await until(() => expect([...queue.unkept]).toEqual([tap]));
    expect([sent.length, queue.kept]).toEqual([1, false]);
    full.mockRestore();
    queue.nudge();
    await until(() => expect(queue.kept).toBe(true));
    status = 200;
    queue.nudge();
    await until(() => expect(queue.taps).toEqual([]));
    queue.stop();
  });
});

it('tells the moment of each tap, however late it is sent', async () => {
  const queue = await page();
  queue.add('Emergency', '/units/u1/emergency');
  await until(() => expect(sent).toHaveLength(1));
  expect((sent[0]?.[1] as { at: string }).at).toMatch(/^\d{4}-\d\d-\d\dT/);
  queue.stop();
});
