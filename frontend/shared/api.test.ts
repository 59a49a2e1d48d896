import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { get, touched } from './api';

const sent: Record<string, string>[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.stubGlobal('fetch', async (_path: string, request: RequestInit) => {
    sent.push(request.headers as Record<string, string>);
    return new Response('{}');
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('what leaves long after the last touch says that nobody is there, until somebody is', async () => {
  touched();
  await get('/glass');
  vi.advanceTimersByTime(59_000);
  await get('/glass');
  vi.advanceTimersByTime(2_000);
  await get('/glass');
  touched();
  await get('/glass');
  expect(sent.map((headers) => 'X-Jru-Unattended' in headers)).toEqual([false, false, true, false]);
});

test('a page of words is no answer: a guest network puts its own in the place of ours', async () => {
  vi.stubGlobal('fetch', async () => new Response('<!doctype html><p>Welcome', { headers: { 'content-type': 'text/html' } }));
  await expect(get('/session')).rejects.toMatchObject({ status: 0, code: 'no_link', retryable: true });
  for (const status of [401, 403]) {
    vi.stubGlobal('fetch', async () => new Response('<p>Accept our terms', { status }));
    await expect(get('/session')).rejects.toMatchObject({ status: 0, code: 'no_link', retryable: true });
    vi.stubGlobal('fetch', async () => new Response('{"detail":"Sign in."}', { status }));
    await expect(get('/session')).rejects.toMatchObject({ status, retryable: false });
  }
  vi.stubGlobal('fetch', async () => new Response('<p>Bad gateway', { status: 502 }));
  await expect(get('/session')).rejects.toMatchObject({ status: 502, retryable: true });
});
