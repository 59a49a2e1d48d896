import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSource as Source } from '$shared/livesource';
import type { Board, IncidentRow, Scheme, UnitRow, Viewer } from '$shared/types';

const NOW = '2019-08-16T22:41:00Z';
const KEY = btoa('k'.repeat(32));
const MINE = { name: 'Example One', agency: 'ambulance', role: 'paramedic', unit_id: 'u1', call_sign: 'JR01' } as Viewer;
const OTHER = { ...MINE, name: 'Example Two' } as Viewer;
const unit = { id: 'u1', call_sign: 'JR01', incident_id: 'i1' } as UnitRow;
const job = (number: string): IncidentRow => ({ id: 'i1', number }) as IncidentRow;
const board = (number: string): Board => ({ now: NOW, rate: 1, synthetic: true, exercise: false, cursor: 'c1', feeds: [], restored_at: null, incidents: [job(number)], units: [unit] });
const answer = (body: object, status = 200): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status }));
const never = (): Promise<Response> => new Promise(() => undefined);
const noLink = (): Promise<Response> => Promise.reject(new TypeError('no link'));

/** What stands under a path; nothing answers where nothing is set. */
let told: Record<string, () => Promise<Response>> = {};
const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 15_000 });

/** A page that is opened anew on a device that keeps a copy of the first one's job. */
async function page() {
  vi.resetModules();
  const { keep } = await import('./copy');
  const { unlocked } = await import('./seal');
  const { live } = await import('$shared/live.svelte');
  const { forgetCopies } = await import('$shared/copies');
  const { opening } = await import('./opening.svelte');
  told['/outbox-key'] = () => answer({ owner: 'here.one', key: KEY });
  await keep(await unlocked(), { viewer: MINE, scheme: {} as Scheme, board: board('as it was'), full: null });
  delete told['/outbox-key'];
  return { forgetCopies, live, opening };
}

beforeEach(() => {
  told = {};
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('fetch', (address: string) => (told[address.replace('/api/v1', '')] ?? noLink)());
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a page that is opened without a link', { timeout: 30_000 }, () => {
  it('shows what the device keeps', async () => {
    const { live, opening } = await page();
    await opening.start();
    opening.stop();
    expect(live.incidents.get('i1')?.number).toBe('as it was');
  });

  it('shows it after a moment, too, where what is sent is swallowed', async () => {
    const { live, opening } = await page();
    told['/session'] = never;
    void opening.start();
    await vi.advanceTimersByTimeAsync(3_000);
    await until(() => expect(live.incidents.get('i1')?.number).toBe('as it was'));
    opening.stop();
  });

  it('shows it where the server tells who is signed in, and nothing of the board', async () => {
    const { live, opening } = await page();
    told['/session'] = () => answer({ viewer: MINE });
    told['/scheme'] = () => answer({});
    await opening.start();
    await vi.advanceTimersByTimeAsync(3_000);
    await until(() => expect(live.incidents.get('i1')?.number).toBe('as it was'));
    live.close();
  });

  it('never puts it in the place of what the server told meanwhile', async () => {
    const { live, opening } = await page();
    told['/session'] = () => answer({ viewer: MINE });
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'decrypt').mockImplementation((...of) => {
      Source.now.say('snapshot', board('as it is'));
      return decrypt(...of);
    });
    await opening.start();
    opening.stop();
    expect(live.incidents.get('i1')?.number).toBe('as it is');
    expect(live.link).toBe('live');
    live.close();
  });

  it('shows nobody what was kept for somebody else', async () => {
    const { live, opening } = await page();
    told['/session'] = () => answer({ viewer: OTHER });
    await opening.start();
    opening.stop();
    expect(live.incidents.size).toBe(0);
    expect(opening.failed).toContain('No job is kept');
    live.close();
  });

  it('stays where it tells that the session is over', async () => {
    const { forgetCopies, live, opening } = await page();
    told['/session'] = () => answer({ viewer: MINE });
    told['/scheme'] = async () => {
      live.end();
      await forgetCopies();
      return answer({ title: 'No session' }, 401);
    };
    await opening.start();
    const again = vi.fn(() => answer({ viewer: null }));
    told['/session'] = again;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(again).not.toHaveBeenCalled();
    expect(live.incidents.size).toBe(0);
    live.close();
  });
});
