import { closedLoop } from './closed-loop';

const turn = () => new Promise<void>((next) => setImmediate(next));

describe('closed-loop calls', () => {
  it('keep so many under way, and stop after so many', async () => {
    let running = 0;
    let most = 0;
    const call = async () => {
      most = Math.max(most, ++running);
      await turn();
      running -= 1;
    };
    const run = await closedLoop({ concurrency: 8, durationMs: 10_000, callsMax: 100, call });
    expect([run.calls, run.latencyMs.count, most, running]).toEqual([100, 100, 8, 0]);
    expect(run.perSecond).toBeGreaterThan(0);
  });

  it('stop after their time', async () => {
    const run = await closedLoop({ concurrency: 2, durationMs: 20, callsMax: Infinity, call: turn });
    expect(run.latencyMs.max).toBeLessThan(10_000);
  });

  it('fail with the first call that fails', async () => {
    const call = () => Promise.reject(new Error('refused'));
    await expect(closedLoop({ concurrency: 4, durationMs: 1_000, callsMax: 100, call })).rejects.toThrow('refused');
  });
});
