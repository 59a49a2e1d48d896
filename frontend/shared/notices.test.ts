import { afterEach, expect, test, vi } from 'vitest';
import { CREW, notices } from './notices.svelte';
import { prefs } from './prefs.svelte';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('who only reads tells the server now and then that somebody is there, and stops with the page', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return new Response('{"key":"BA","on":false,"working":true}');
  });
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('window', {});
  const touch = (): boolean => document.dispatchEvent(new Event('pointerdown'));
  const stop = notices.watch(CREW);
  vi.advanceTimersByTime(3_600_000);
  touch();
  touch();
  vi.advanceTimersByTime(60_000);
  touch();
  expect(asked).toEqual(['/api/v1/notifications']);
  await vi.waitFor(() => expect(notices.offered).toBe(true));
  vi.advanceTimersByTime(61_000);
  touch();
  stop();
  vi.advanceTimersByTime(600_000);
  touch();
  expect(asked).toHaveLength(2);
});

test('a device that the server tells no more says so at the next touch, where it cannot be switched on again by itself', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.stubGlobal('fetch', async () => new Response('{"key":"BA","on":false,"working":true}'));
  for (const name of ['document', 'window', 'navigator']) vi.stubGlobal(name, new EventTarget());
  prefs.chosen.notices = true;
  const stop = notices.watch(CREW);
  vi.advanceTimersByTime(36_000_000);
  document.dispatchEvent(new Event('keydown'));
  await vi.waitFor(() => expect(notices.wrong).toContain('This browser cannot tell you'));
  stop();
});
