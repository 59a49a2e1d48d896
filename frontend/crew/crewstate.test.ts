import { live } from '$shared/live.svelte';
import type { IncidentRow, UnitRow, Viewer } from '$shared/types';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crew } from './crewstate.svelte';
import { records } from './records/records.svelte';

/** What was asked for and is not answered yet. */
let asked: ((answer: Response) => void)[] = [];
const say = (body: object): Response => new Response(JSON.stringify(body));

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', (address: string) => (address.endsWith('/codes') ? Promise.resolve(say({})) : new Promise((resolve) => asked.push(resolve))));
  live.viewer = { unit_id: 'u1', agency: 'ambulance' } as Viewer;
  live.units.set('u1', { id: 'u1', incident_id: 'i1' } as UnitRow);
  live.incidents.set('i1', { id: 'i1' } as IncidentRow);
});
afterEach(() => vi.unstubAllGlobals());

describe('what was read later stays, however late an earlier answer comes', () => {
  it('of the job', async () => {
    const [earlier, later] = [crew.readJob(), crew.readJob()];
    expect(crew.reading).toBe(true);
    asked[1]?.(say({ id: 'i1', phase: 'closed' }));
    await later;
    asked[0]?.(say({ id: 'i1', phase: 'active' }));
    await earlier;
    expect(crew.full?.phase).toBe('closed');
    expect(crew.reading).toBe(false);
  });

  it('of the records', async () => {
    records.begin('i1');
    const [earlier, later] = [records.read(), records.read()];
    await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 15_000 });
    asked[1]?.(say({ number: 'later' }));
    await later;
    asked[0]?.(say({ number: 'earlier' }));
    await earlier;
    expect(records.part?.number).toBe('later');
  });
});
