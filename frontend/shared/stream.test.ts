import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stream, type LinkState } from './stream';

const NOW = '2019-08-16T22:41:00Z';
const BOARD = { now: NOW, rate: 1, synthetic: true, exercise: false, cursor: 'c1', feeds: [], restored_at: null, incidents: [], units: [] };

/** A server that admits so many streams, and answers so many polls in each tenth of a second; the rest hear 503. */
const server = { up: true, streams: 0, most: Infinity, polls: 0, mostPolls: Infinity };

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 0;
  constructor() {
    super();
    Source.all.push(this);
    setTimeout(() => this.#settle(), 5);
  }
  #settle(): void {
    if (this.readyState === Source.CLOSED) return;
    if (!server.up || server.streams >= server.most) return this.fail();
    server.streams += 1;
    this.readyState = 1;
    this.say('snapshot', BOARD);
  }
  say(name: string, body: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(body) }));
  }
  fail(): void {
    this.close();
    this.dispatchEvent(new Event('error'));
  }
  close(): void {
    if (this.readyState === 1) server.streams -= 1;
    this.readyState = Source.CLOSED;
  }
}

function opened(states: LinkState[], at: number, polls: number[]): Stream {
  const poll = <T>(answer: T): Promise<T> => {
    polls.push(performance.now());
    server.polls += 1;
    return server.up && server.polls <= server.mostPolls ? Promise.resolve(answer) : Promise.reject(Object.assign(new Error('busy'), { status: 503 }));
  };
  const nothing = (): void => undefined;
  const sink = { snapshot: nothing, change: nothing, heartbeat: nothing, presence: nothing, ended: nothing, link: (state: LinkState) => void (states[at] = state) };
  const stream = new Stream(sink, { board: () => poll(BOARD), changes: () => poll({ ...BOARD, more: false }) });
  stream.open();
  return stream;
}

beforeEach(() => {
  vi.useFakeTimers();
  let chance = 1;
  vi.spyOn(Math, 'random').mockImplementation(() => (chance = (chance * 48_271) % 2_147_483_647) / 2_147_483_647);
  Source.all = [];
  Object.assign(server, { up: true, streams: 0, most: Infinity, polls: 0, mostPolls: Infinity });
  vi.stubGlobal('EventSource', Source);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the live link', () => {
  it('that is open and silent is found out: changes are asked for instead', async () => {
    const [states, polls]: [LinkState[], number[]] = [[], []];
    const stream = opened(states, 0, polls);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([states[0], polls.length]).toEqual(['live', 0]);
    // It never closes and never says anything again; a new one is tried, and is as silent.
    server.most = 0;
    await vi.advanceTimersByTimeAsync(6_000);
    expect([states[0], polls.length > 0]).toEqual(['polling', true]);
    stream.close();
  });

  it('asks a server that answers nobody ever less often', async () => {
    const [states, polls]: [LinkState[], number[]] = [[], []];
    server.up = false;
    const stream = opened(states, 0, polls);
    await vi.advanceTimersByTimeAsync(60_000);
    const early = polls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(polls.length - early).toBeLessThan(8);
    server.up = true;
    await vi.advanceTimersByTimeAsync(11_000);
    expect(states[0]).toBe('live');
    stream.close();
  });
});

describe('ten thousand screens that lose the server together', { timeout: 120_000 }, () => {
  it('come back spread out, a full server turns some away, and everybody is served again', async () => {
    const clients = 10_000;
    const [states, polls]: [LinkState[], number[]] = [[], []];
    const streams = Array.from({ length: clients }, (_, at) => opened(states, at, polls));
    await vi.advanceTimersByTimeAsync(50);
    expect(server.streams).toBe(clients);
    Object.assign(server, { up: false, most: 1_000 });
    for (const source of [...Source.all]) source.fail();
    await vi.advanceTimersByTimeAsync(10_000);
    Object.assign(server, { up: true, polls: 0, mostPolls: 500 });
    const from = polls.length;
    const tenths = setInterval(() => (server.polls = 0), 100);
    const beats = setInterval(() => Source.all.filter((one) => one.readyState === 1).forEach((one) => one.say('heartbeat', BOARD)), 5_000);
    await vi.advanceTimersByTimeAsync(25_000);
    clearInterval(tenths);
    clearInterval(beats);
    expect(states.filter((state) => state === 'live')).toHaveLength(1_000);
    expect(states.filter((state) => state === 'polling').length).toBeGreaterThan(0.98 * (clients - 1_000));
    const perSecond = new Map<number, number>();
    for (const moment of polls.slice(from)) perSecond.set(Math.floor(moment / 1000), (perSecond.get(Math.floor(moment / 1000)) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThan(0.6 * clients);
    for (const stream of streams) stream.close();
  });
});
