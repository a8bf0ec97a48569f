import { arrivalsOf, dueAfterMs, openLoop } from './open-loop';

describe('open-loop load', () => {
  it('spaces its arrivals evenly', () => {
    expect(arrivalsOf(100, 2.5)).toBe(250);
    expect([0, 1, 50].map((index) => dueAfterMs(index, 200))).toEqual([0, 5, 250]);
  });

  it('does not wait for answers: all are sent although none is answered', async () => {
    const replies: (() => void)[] = [];
    const run = openLoop({
      ratePerSecond: 2_000,
      seconds: 0.02,
      inFlightMax: 100,
      send: () =>
        new Promise((answer) => {
          replies.push(answer);
          if (replies.length === 40) for (const each of replies) each();
        }),
    });
    expect((await run).offered).toBe(40);
  });

  it('counts from when a request was due, also when it had to wait for its turn', async () => {
    const due: number[] = [];
    let running = 0;
    let most = 0;
    const { beganAtMs } = await openLoop({
      ratePerSecond: 1_000,
      seconds: 0.03,
      inFlightMax: 2,
      send: async (_index, dueAtMs) => {
        due.push(dueAtMs);
        most = Math.max(most, ++running);
        await new Promise((turn) => setImmediate(turn));
        running -= 1;
      },
    });
    expect(most).toBeLessThanOrEqual(2);
    expect(due.map((at) => Math.round(at - beganAtMs))).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('is never early', async () => {
    const early: number[] = [];
    await openLoop({
      ratePerSecond: 500,
      seconds: 0.05,
      inFlightMax: 10,
      send: async (_index, dueAtMs) => {
        const aheadMs = dueAtMs - (performance.timeOrigin + performance.now());
        if (aheadMs > 0) early.push(aheadMs);
      },
    });
    expect(early).toEqual([]);
  });

  it('stops when it is told to, after what is under way', async () => {
    const stop = new AbortController();
    let sent = 0;
    const run = await openLoop({
      ratePerSecond: 1_000,
      seconds: 60,
      inFlightMax: 10,
      signal: stop.signal,
      send: async () => {
        if (++sent === 5) stop.abort();
      },
    });
    expect(run.offered).toBe(sent);
    expect(sent).toBeLessThan(60_000);
  });

  it('goes on when a send fails against its promise', async () => {
    const run = openLoop({
      ratePerSecond: 1_000,
      seconds: 0.005,
      inFlightMax: 1,
      send: () => Promise.reject(new Error('broken')),
    });
    expect((await run).offered).toBe(5);
  });
});
