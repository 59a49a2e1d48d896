import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isDay } from './daylight';
import { asReport, type Fix, paceOf } from './whereabouts.svelte';

const MEDWAY = { lon: 0.548, lat: 51.386 };

function fix(more: Partial<Fix['coords']> = {}, age = 0): Fix {
  return { timestamp: 1_000_000 - age, coords: { longitude: 0.5, latitude: 51.4, accuracy: 8, speed: null, ...more } };
}

describe('a position', () => {
  it('comes often on the way, seldom where nothing moves', () => {
    expect([paceOf('mobile', false), paceOf('available', true), paceOf('scene', false)]).toEqual([5, 15, 60]);
  });

  it('stands on the server’s clock at the time it was found', () => {
    const at = Date.parse('2019-08-16T22:00:10Z');
    expect(asReport(fix({ speed: 13.4 }, 4_000), 1_000_000, at, 1)).toEqual({ lon: 0.5, lat: 51.4, accuracy_m: 8, speed_mps: 13.4, at: '2019-08-16T22:00:06.000Z' });
    expect(asReport(fix({}, 4_000), 1_000_000, at, 30)).toMatchObject({ at: '2019-08-16T21:58:10.000Z' });
    expect(asReport(fix({ speed: Number.NaN }, -500), 1_000_000, at, 1)).toMatchObject({ at: '2019-08-16T22:00:10.000Z', speed_mps: null });
  });

  it('that is too inexact is not sent, and says so', () => {
    expect(asReport(fix({ accuracy: 812.4 }), 1_000_000, 0, 1)).toContain('812 m');
  });
});

describe('telling positions', () => {
  const sent: { path: string; body: Record<string, unknown> }[] = [];
  let answer: () => Response;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
    sent.length = 0;
    answer = () => new Response('{"told":"position taken"}', { status: 200 });
    vi.stubGlobal('fetch', async (path: string, request: RequestInit) => {
      sent.push({ path, body: JSON.parse(request.body as string) as Record<string, unknown> });
      return answer();
    });
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (done: (found: Fix) => void) => done(fix()) } });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('goes on at its pace, at once when that quickens, and ends when it is stopped', async () => {
    const { whereabouts } = await import('./whereabouts.svelte');
    whereabouts.tell('/units/u/position', 60);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sent).toHaveLength(1);
    whereabouts.tell('/units/u/position', 5);
    await vi.advanceTimersByTimeAsync(11_000);
    expect(sent).toHaveLength(4);
    expect(whereabouts.sent?.lon).toBe(0.5);
    whereabouts.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(4);
    expect(whereabouts.sent).toBeNull();
  });

  it('says why one was not taken, and tells the next', async () => {
    answer = () => new Response('{"detail":"This unit is not on duty.","code":"unit"}', { status: 404 });
    const { whereabouts } = await import('./whereabouts.svelte');
    whereabouts.tell('/units/u/position', 15);
    await vi.advanceTimersByTimeAsync(0);
    expect(whereabouts.wrong).toContain('not on duty');
    answer = () => new Response('{"told":"position taken"}');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(whereabouts.wrong).toBe('');
    expect(sent).toHaveLength(2);
    whereabouts.stop();
  });

  it('says when the device does not let it', async () => {
    vi.stubGlobal('navigator', { geolocation: { getCurrentPosition: (_: unknown, failed: (why: { code: number }) => void) => failed({ code: 1 }) } });
    const { whereabouts } = await import('./whereabouts.svelte');
    whereabouts.tell('/units/u/position', 15);
    await vi.advanceTimersByTimeAsync(0);
    expect(whereabouts.wrong).toContain('Allow it');
    expect(sent).toHaveLength(0);
    whereabouts.stop();
  });
});

describe('daylight', () => {
  it.each([
    ['2019-08-16T20:30:00Z', false],
    ['2019-08-16T18:30:00Z', true],
    ['2019-12-21T07:30:00Z', false],
    ['2019-12-21T12:00:00Z', true],
    ['2019-06-21T03:55:00Z', true],
  ])('at %s over the Medway: %s', (at, day) => {
    expect(isDay(new Date(at), MEDWAY)).toBe(day);
  });
});
