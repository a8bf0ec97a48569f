import { Arrivals, waitersMax } from './arrivals';
import { Fifo } from './fifo';

const arrival = (seq: number) => ({ seq, receivedAtMs: seq });
const never = new AbortController().signal;
/** All promises that can resolve have resolved. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('arrivals', () => {
  it('lists by key, oldest first, and drops the oldest of all when full', () => {
    const dropped: number[] = [];
    const arrivals = new Arrivals(3, (item: { seq: number; receivedAtMs: number }) => void dropped.push(item.seq));
    arrivals.add(arrival(1), 'a');
    arrivals.add(arrival(2), 'b', 'a');
    arrivals.add(arrival(3), 'b');
    arrivals.add(arrival(4), 'b');
    expect(arrivals.list({ key: 'a' }).map((item) => item.seq)).toEqual([2]);
    expect(arrivals.list({ key: 'b', after: 2 }).map((item) => item.seq)).toEqual([3, 4]);
    expect(arrivals.list({}).map((item) => item.seq)).toEqual([2, 3, 4]);
    expect([arrivals.dropped, dropped]).toEqual([1, [1]]);
    for (let seq = 5; seq < 8; seq++) arrivals.add(arrival(seq), 'c');
    expect(arrivals.keys()).toEqual(['c']);
  });

  it('wakes a poll on the arrival that completes it, on abort, and not for another key', async () => {
    const arrivals = new Arrivals(10);
    const woken: string[] = [];
    const stop = new AbortController();
    void arrivals.waitFor({ key: 'a' }, 2, never).then(() => woken.push('a'));
    void arrivals.waitFor({}, 3, never).then(() => woken.push('all'));
    const aborted = arrivals.waitFor({ key: 'b' }, 1, stop.signal).then(() => woken.push('aborted'));
    arrivals.add(arrival(1), 'a');
    arrivals.add(arrival(2), 'c');
    await settled();
    expect(woken).toEqual([]);
    arrivals.add(arrival(3), 'a');
    stop.abort();
    await aborted;
    expect(woken.sort()).toEqual(['a', 'aborted', 'all']);
  });

  it('does not wake a poll for what lies before its starting point', async () => {
    const arrivals = new Arrivals(10);
    let woken = false;
    const poll = arrivals.waitFor({ key: 'a', after: 5 }, 1, never).then(() => (woken = true));
    arrivals.add(arrival(5), 'a');
    await settled();
    expect(woken).toBe(false);
    arrivals.add(arrival(6), 'a');
    await poll;
  });

  it('bounds the polls that wait', async () => {
    const arrivals = new Arrivals(10);
    const polls = Array.from({ length: waitersMax }, () => arrivals.waitFor({ key: 'a' }, 1, never));
    expect(await arrivals.waitFor({ key: 'a' }, 1, never)).toBe(false);
    arrivals.add(arrival(1), 'a');
    expect((await Promise.all(polls)).every(Boolean)).toBe(true);
    expect(await arrivals.waitFor({ key: 'a' }, 1, never)).toBe(true);
  });
});

it('a fifo keeps order through growing and shrinking', () => {
  const fifo = new Fifo<number>();
  const taken: number[] = [];
  for (let round = 0; round < 5_000; round++) {
    fifo.push(2 * round);
    fifo.push(2 * round + 1);
    taken.push(fifo.shift()!);
  }
  while (fifo.size > 0) taken.push(fifo.shift()!);
  expect(taken).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  expect(fifo.shift()).toBeUndefined();
  expect(fifo.toArray()).toEqual([]);
});
