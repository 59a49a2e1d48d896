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
