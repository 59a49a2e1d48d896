import { afterEach, expect, it, vi } from 'vitest';
import { desk } from './desk.svelte';

afterEach(() => vi.unstubAllGlobals());

it('an incident that was read later stays, however late an earlier answer comes', async () => {
  const asked: ((answer: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise((resolve) => asked.push(resolve)));
  const read = (phase: string): Response => new Response(JSON.stringify({ id: 'i1', phase }));
  desk.inHand = 'i1';
  const [earlier, later] = [desk.readDetail(), desk.readDetail()];
  expect(desk.reading).toBe(true);
  asked[1]?.(read('closed'));
  await later;
  expect(desk.full?.phase).toBe('closed');
  asked[0]?.(read('active'));
  await earlier;
  expect(desk.full?.phase).toBe('closed');
  expect(desk.reading).toBe(false);
});
