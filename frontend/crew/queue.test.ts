import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { queue } from './queue.svelte';

type Answer = () => Promise<Response>;
const told = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify({ told: 'done', outcome: {}, cursor: '' }), { status: 200 }));
const down = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify({ title: 'Not now' }), { status: 503 }));
const refused = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify({ title: 'No' }), { status: 409 }));
const cut = (): Promise<Response> => Promise.reject(new TypeError('no link'));

/** What the wire was asked for, in order; each path is answered as told here, all others at once. */
let asked: string[] = [];
let answers: Record<string, Answer> = {};
const STATUS = '/units/u1/status';
const EMERGENCY = '/units/u1/emergency';

beforeEach(() => {
  vi.useFakeTimers();
  [asked, answers] = [[], {}];
  vi.stubGlobal('fetch', (address: string) => {
    const path = address.replace('/api/v1', '');
    asked.push(path);
    return (answers[path] ?? told)();
  });
});
afterEach(async () => {
  for (const path of Object.keys(answers)) answers[path] = told;
  queue.nudge();
  await vi.runAllTimersAsync();
  for (const tap of [...queue.taps]) queue.dismiss(tap.key);
  vi.useRealTimers();
});
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

describe('taps on their way', () => {
  it('send an emergency and a status past a record that cannot be taken now', async () => {
    answers['/incidents/i1/facts'] = down;
    queue.add('Shared', '/incidents/i1/facts');
    await pass(1);
    queue.add('Emergency', EMERGENCY);
    queue.add('Arrived', STATUS, { status: 'scene' });
    await pass(0);
    expect(asked.slice(-2)).toEqual([EMERGENCY, STATUS]);
    expect(queue.taps.map((tap) => tap.words)).toEqual(['Shared']);
  });

  it('send an emergency while a photo is still on the way, and while a status waits for its answer', async () => {
    const slow = (): Promise<Response> => new Promise((resolve) => setTimeout(() => resolve(told()), 60_000));
    answers['/incidents/i1/attachments'] = answers[STATUS] = slow;
    queue.add('Photo', '/incidents/i1/attachments', { content: 'x' });
    queue.add('Arrived', STATUS);
    queue.add('Emergency', EMERGENCY);
    queue.add('Scene safe', '/incidents/i1/scene-safe');
    await pass(0);
    expect(asked).toEqual(['/incidents/i1/attachments', STATUS, EMERGENCY, '/incidents/i1/scene-safe']);
  });

  it('let other records pass one that fails, and keep trying it', async () => {
    answers['/incidents/i1/facts'] = down;
    queue.add('Shared', '/incidents/i1/facts');
    queue.add('Findings', '/incidents/i1/clinical/care');
    await pass(0);
    queue.add('Arrest', '/incidents/i1/police/arrests');
    await pass(0);
    expect(asked).toEqual(['/incidents/i1/facts', '/incidents/i1/clinical/care', '/incidents/i1/police/arrests']);
    answers['/incidents/i1/facts'] = told;
    await pass(30);
    expect(queue.taps).toEqual([]);
  });

  it('keep records of one kind in their order, as one person after the other', async () => {
    answers['/incidents/i1/persons'] = cut;
    const sent: unknown[] = [];
    queue.add('Person 1', '/incidents/i1/persons', { person: 1 }, () => sent.push(1));
    await pass(3);
    queue.add('Person 2', '/incidents/i1/persons', { person: 2 }, () => sent.push(2));
    await pass(0);
    answers['/incidents/i1/persons'] = told;
    await pass(30);
    expect(sent).toEqual([1, 2]);
  });

  it('arrive in the order of the taps as far as they are about the status', async () => {
    answers[STATUS] = cut;
    queue.add('On our way', STATUS, { status: 'mobile' });
    queue.add('Accept', '/units/u1/offers/o1/answer');
    queue.add('Arrived', STATUS, { status: 'scene' });
    await pass(5);
    expect(new Set(asked)).toEqual(new Set([STATUS]));
    expect(queue.taps.map((tap) => tap.words)).toEqual(['On our way', 'Accept', 'Arrived']);
    answers[STATUS] = told;
    queue.nudge();
    await pass(0);
    expect(asked.slice(-3)).toEqual([STATUS, '/units/u1/offers/o1/answer', STATUS]);
  });

  it('are offline only when nothing answers', async () => {
    answers['/incidents/i1/facts'] = down;
    queue.add('Shared', '/incidents/i1/facts');
    await pass(3);
    expect(queue.stuckSince).toBe(0);
    expect(queue.late.map((tap) => tap.why)).toEqual(['Not now.']);
    answers[STATUS] = cut;
    queue.add('Arrived', STATUS);
    await pass(0);
    expect(queue.stuckSince).toBeGreaterThan(0);
    answers[STATUS] = refused;
    await pass(30);
    expect(queue.stuckSince).toBe(0);
  });

  it('tell who tapped when the server has taken them, and not before', async () => {
    const heard: string[] = [];
    answers[EMERGENCY] = cut;
    queue.add('Emergency', EMERGENCY, {}, () => heard.push('taken'));
    await pass(3);
    expect([heard, queue.onTheWay(EMERGENCY)]).toEqual([[], true]);
    answers[EMERGENCY] = told;
    await pass(30);
    expect([heard, queue.onTheWay(EMERGENCY)]).toEqual([['taken'], false]);
    answers[EMERGENCY] = refused;
    queue.add('Emergency', EMERGENCY, {}, () => heard.push('taken'));
    await pass(0);
    expect([heard, queue.onTheWay(EMERGENCY)]).toEqual([['taken'], false]);
  });

  it('go at once when somebody urges, whatever their pause, and once', async () => {
    answers[EMERGENCY] = cut;
    queue.add('Emergency', EMERGENCY);
    await pass(20);
    [asked, answers] = [[], {}];
    await pass(1);
    expect(asked).toEqual([]);
    queue.urge(EMERGENCY);
    queue.urge(EMERGENCY);
    await pass(60);
    expect(asked).toEqual([EMERGENCY]);
    expect(queue.taps).toEqual([]);
  });

  it('are remembered by path and person when the server has taken them, and not when it refused', async () => {
    const persons = '/incidents/i2/persons';
    const answer = '/units/u1/offers/o9/answer';
    answers[answer] = refused;
    queue.add('Accept', answer);
    queue.add('Person 1', persons, { person: 1, disposal: 'custody' });
    queue.add('Person 7', '/incidents/i20/persons', { person: 7 });
    expect([queue.sent(answer), queue.personsUnder('/incidents/i2/')]).toEqual([true, [1]]);
    await pass(1);
    expect(queue.taps.map((tap) => tap.words)).toEqual(['Accept']);
    expect([queue.sent(answer), queue.sent(persons), queue.personsUnder('/incidents/i2/')]).toEqual([false, true, [1]]);
    queue.add('Findings', '/incidents/i2/clinical/care', { person: 2 });
    expect(queue.personsUnder('/incidents/i2/')).toEqual([1, 2]);
    expect(queue.personsUnder(persons)).toEqual([1]);
  });

  it('keep a tap whose body was too slow for the server', async () => {
    answers['/incidents/i1/attachments'] = () => Promise.resolve(new Response('{"title":"Too slow"}', { status: 408 }));
    queue.add('Photo', '/incidents/i1/attachments', { content: 'x' });
    await pass(1);
    expect(queue.taps[0]?.state).not.toBe('refused');
  });

  it('wait for an answer as long as their size needs', async () => {
    const waits: number[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((wait) => {
      waits.push(wait);
      return new AbortController().signal;
    });
    queue.add('Arrived', STATUS);
    queue.add('Photo', '/incidents/i1/attachments', { content: 'x'.repeat(5 * 1024 * 1024) });
    await pass(0);
    vi.restoreAllMocks();
    expect(waits[0]).toBeLessThan(16_000);
    expect(waits[1]).toBeGreaterThan(300_000);
  });
});
