import { describe, expect, it, vi } from 'vitest';
import { Newest, Readings } from './newest';

describe('questions one after the other', () => {
  it('leave only the last one standing', () => {
    const questions = new Newest();
    const first = questions.ask();
    expect(first()).toBe(true);
    const second = questions.ask();
    expect([first(), second()]).toEqual([false, true]);
  });
});

describe('readings of one thing', () => {
  /** Begin a reading whose answer comes when the test says so. */
  function begin(readings: Readings, heard: string[], of = String(Math.random())) {
    let come: (answer: string) => void = () => undefined;
    let fail: (why: Error) => void = () => undefined;
    const answered = new Promise<string>((resolve, reject) => ([come, fail] = [resolve, reject]));
    const asked = vi.fn(() => answered);
    const done = readings.read(of, asked, (answer) => heard.push(answer), (problem) => heard.push(problem.message));
    return {
      asked,
      come: (answer: string) => (come(answer), done),
      fail: (why: string) => (fail(new Error(why)), done),
    };
  }

  it('count in their order, and a late one does not take the place of a newer', async () => {
    const [readings, heard] = [new Readings(), [] as string[]];
    const [first, second, third, fourth] = [begin(readings, heard), begin(readings, heard), begin(readings, heard), begin(readings, heard)];
    await second.come('second');
    await first.come('first');
    await fourth.come('fourth');
    await third.fail('third failed');
    expect(heard).toEqual(['second', 'fourth']);
  });

  it('that fail hold up none before them', async () => {
    const [readings, heard] = [new Readings(), [] as string[]];
    const [first, second] = [begin(readings, heard), begin(readings, heard)];
    await second.fail('no link');
    await first.come('first');
    expect(heard).toEqual(['no link', 'first']);
  });

  it('tell whether one is still out', async () => {
    const readings = new Readings();
    expect(readings.out).toBe(false);
    const [first, second] = [begin(readings, []), begin(readings, [])];
    await first.come('');
    expect(readings.out).toBe(true);
    await second.fail('');
    expect(readings.out).toBe(false);
  });

  it('of one thing wait when two are out, and only the last of them is asked', async () => {
    const [readings, heard] = [new Readings(), [] as string[]];
    const [first, second, third, fourth] = ['1', '2', '3', '4'].map(() => begin(readings, heard, 'job'));
    const another = begin(readings, heard, 'another job');
    expect([first, second, third, fourth, another].map((one) => one?.asked.mock.calls.length)).toEqual([1, 1, 0, 0, 1]);
    await second?.come('second');
    expect([third, fourth].map((one) => one?.asked.mock.calls.length)).toEqual([0, 1]);
    await fourth?.come('fourth');
    await third?.come('never asked for');
    expect(heard).toEqual(['second', 'fourth']);
  });
});
