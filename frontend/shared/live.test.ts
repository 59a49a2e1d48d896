import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSource as Source } from './livesource';
import type { Change, UnitRow, Viewer } from './types';

const NOW = '2019-08-16T22:41:00Z';
const unit = (word: string): UnitRow => ({ id: 'u1', call_sign: 'JR01', word }) as UnitRow;
const around = { now: NOW, rate: 1 };
const board = (word: string): object => ({ ...around, feeds: [], synthetic: true, exercise: false, incidents: [], units: [unit(word)], cursor: 'c1' });
const answer = (body: object, status = 200): Response => new Response(JSON.stringify(body), { status });

/** The boards that were asked for and are not answered yet. */
let asked: ((board: Response) => void)[] = [];
/** What asking for changes is answered with; the session is over when nothing is set. */
let polled: Promise<Response> | null = null;

async function opened() {
  vi.resetModules();
  const { live } = await import('./live.svelte');
  await live.open({} as Viewer);
  Source.now.say('snapshot', board('first'));
  return live;
}

/** Break the stream, and hold the poll that follows: what is returned answers it. */
async function pollHeld(): Promise<(changes: Response) => void> {
  let come: (changes: Response) => void = () => undefined;
  polled = new Promise((resolve) => (come = resolve));
  const fetched = vi.spyOn(globalThis, 'fetch');
  Source.now.close();
  Source.now.dispatchEvent(new Event('error'));
  await vi.waitFor(() => expect(fetched).toHaveBeenCalled(), { timeout: 15_000 });
  return come;
}

beforeEach(() => {
  [asked, polled] = [[], null];
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('fetch', (address: string) => {
    if (polled && address.includes('/changes')) return polled;
    if (address.endsWith('/board')) return new Promise((resolve) => asked.push(resolve));
    return Promise.resolve(address.endsWith('/scheme') ? answer({}) : answer({ title: 'No session' }, 401));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('the board that is read again', () => {
  const changed: Partial<Change> = { ...around, units: [unit('newer')] };

  it('stands as it was answered', async () => {
    const live = await opened();
    const done = live.renew();
    asked[0]?.(answer(board('read again')));
    await done;
    expect(live.units.get('u1')?.word).toBe('read again');
    live.close();
  });

  it('never turns a row back that has changed meanwhile, and is asked for once more', async () => {
    const live = await opened();
    const done = live.renew();
    Source.now.say('change', changed);
    asked[0]?.(answer(board('older')));
    await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 15_000 });
    expect(live.units.get('u1')?.word).toBe('newer');
    asked[1]?.(answer(board('newest')));
    await done;
    expect(live.units.get('u1')?.word).toBe('newest');
    live.close();
  });

  it('never turns a row back that came on the link while it was asked for in vain', async () => {
    const live = await opened();
    const come = await pollHeld();
    Source.now.say('change', changed);
    come(answer({ ...around, units: [unit('older')], cursor: 'c0', more: false }));
    await new Promise((resolve) => setTimeout(resolve));
    expect([live.link, live.units.get('u1')?.word]).toEqual(['live', 'newer']);
    live.close();
  });

  it('is not told of by a link that was closed for another', async () => {
    const live = await opened();
    const come = await pollHeld();
    await live.open({} as Viewer);
    come(answer({ ...around, units: [unit('older')], cursor: 'c0', more: false }));
    await new Promise((resolve) => setTimeout(resolve));
    expect(live.units.get('u1')?.word).toBe('first');
    live.close();
  });

  it('is not heard any more when the session is over', async () => {
    const live = await opened();
    live.end();
    expect(Source.now.readyState).toBe(Source.CLOSED);
  });

  it('does not come back when the session is over', async () => {
    const live = await opened();
    const done = live.renew();
    Source.now.close();
    Source.now.dispatchEvent(new Event('error'));
    await vi.waitFor(() => expect(live.ended).toBe(true), { timeout: 15_000 });
    asked[0]?.(answer(board('older')));
    await done;
    expect([live.ready, live.units.size]).toEqual([false, 0]);
  });
});
