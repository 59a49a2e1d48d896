/** The front end keeps the rules of tests/sync/vectors.json, as the model of a device does. */

import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import Dexie from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from '$shared/api';
import { spread } from '$shared/spread';
import { isRefusal, isTooOld, lineOf, nextOf, pauseAfter, together } from './lines';
import { Outbox } from './outbox';
import { unlocked } from './seal';

interface Tapped {
  key: string;
  path: string;
  state?: 'waiting' | 'sending' | 'refused';
  tries?: number;
  again?: number;
}
interface Vectors {
  lines: { path: string; line: string }[];
  next: { why: string; line: string; next: string | null; taps: Tapped[] }[];
  together: { why: string; line: string; now: number; together: string[]; taps: Tapped[] }[];
  left_by_a_closed_page: { path: string; age_s: number; told_and_not_sent: boolean }[];
  answers: { status: number; body: string | null; means: string }[];
  pauses: { tries: number; least_s: number; most_s: number }[];
  take_back: { why: string; state: 'waiting' | 'sending'; tries: number; claimed: boolean; undone: boolean }[];
  undo_offered_s: number;
  clock: { why: string; known: boolean; rate: number; said_s: number; passes_s: number; says_s: number | null; then_s: number }[];
}
const vectors = JSON.parse(readFileSync(new URL('../../tests/sync/vectors.json', import.meta.url), 'utf8')) as Vectors;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the rules of a device', () => {
  it.each(vectors.lines)('put $path into its line', ({ path, line }) => expect(lineOf(path)).toBe(line));

  it.each(vectors.next)('send $why', ({ line, next, taps }) => {
    const standing = taps.map((tap) => ({ state: 'waiting' as const, tries: 0, again: 0, ...tap }));
    expect(nextOf(standing, line)?.key ?? null).toBe(next);
  });

  it.each(vectors.together)('send together $why', ({ line, now, together: keys, taps }) => {
    const standing = taps.map((tap) => ({ state: 'waiting' as const, tries: 0, again: 0, ...tap }));
    const first = nextOf(standing, line);
    expect(first && together(standing, first, line, now).map((tap) => tap.key)).toEqual(keys);
  });

  it.each(vectors.left_by_a_closed_page)('send or tell $path after $age_s s', ({ path, age_s, told_and_not_sent }) => {
    expect(isTooOld(path, age_s * 1000)).toBe(told_and_not_sent);
  });

  it.each(vectors.answers)('take $status with $body as $means', async ({ status, body, means }) => {
    const answer = (): Promise<Response> => (status ? Promise.resolve(new Response(body, { status })) : Promise.reject(new TypeError('cut')));
    vi.stubGlobal('fetch', answer);
    const found = await command('/units/u1/status').then(
      () => 'taken',
      (problem: unknown) => (isRefusal(problem) ? 'refused' : 'again'),
    );
    expect(found).toBe(means);
  });

  it.each(vectors.pauses)('wait after $tries tries, each device its own time', ({ tries, least_s, most_s }) => {
    expect(pauseAfter(tries)).toBe(most_s * 1000);
    for (const [chance, wait] of [[0, least_s], [1, most_s]] as const) {
      vi.spyOn(Math, 'random').mockReturnValue(chance);
      expect(spread(pauseAfter(tries))).toBe(wait * 1000);
    }
  });
});

/** The keys of what the device keeps, read past the outbox: to read it there would be to claim it. */
async function rows(): Promise<unknown[]> {
  const store = await new Dexie('jru-outbox').open();
  const found = await store.table('taps').toCollection().primaryKeys();
  store.close();
  return found;
}

describe('a tap that is taken back', () => {
  beforeEach(() => vi.resetModules());

  it.each(vectors.take_back)('$why', async ({ state, tries, claimed, undone }) => {
    vi.stubGlobal('fetch', (address: string) => {
      if (address.endsWith('/outbox-key')) return Promise.resolve(new Response(JSON.stringify({ owner: 'here.one', key: btoa('k'.repeat(32)) })));
      return new Promise(() => undefined);
    });
    const [{ queue }, { clock }] = [await import('./queue.svelte'), await import('$shared/clock.svelte')];
    clock.set('2019-08-16T20:00:00Z', 1);
    await queue.open();
    queue.add('Before', '/units/u1/status');
    const key = queue.add('This', '/units/u1/status');
    Object.assign(queue.taps.find((tap) => tap.key === key) ?? {}, { state, tries });
    await vi.waitFor(async () => expect(await rows()).toContain(key));
    if (claimed) await new Outbox(await unlocked()).read();
    expect(await queue.takeBack(key)).toBe(undone);
    expect((await rows()).includes(key)).toBe(!undone);
    queue.stop();
  });
});

describe('the clock', () => {
  const START = Date.parse('2019-08-16T20:00:00Z');
  it.each(vectors.clock)('$why', async ({ known, rate, said_s, passes_s, says_s, then_s }) => {
    vi.useFakeTimers();
    vi.resetModules();
    const { clock } = await import('$shared/clock.svelte');
    const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();
    if (known) clock.set(iso(said_s), rate);
    vi.advanceTimersByTime(passes_s * 1000);
    if (says_s !== null) clock.set(iso(says_s), rate);
    expect(Math.round((clock.reading() - START) / 1000)).toBe(then_s);
  });
});

it('offers an undo for ten seconds', async () => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const [{ crew }, { live }] = [await import('./crewstate.svelte'), await import('$shared/live.svelte')];
  const unit = { id: 'u1', call_sign: 'JR01', status: 'available', incident_id: null };
  const board = { now: '2019-08-16T20:00:00Z', rate: 1, synthetic: true, cursor: '', feeds: [], restored_at: null, incidents: [], units: [unit] };
  live.recall({ unit_id: 'u1' } as never, { statuses: [] } as never, board as never, 0);
  crew.setStatus('mobile');
  vi.advanceTimersByTime(vectors.undo_offered_s * 1000 - 1);
  expect(crew.undo).not.toBeNull();
  vi.advanceTimersByTime(1);
  expect(crew.undo).toBeNull();
});
