import { warmUp } from './warm-up';

/** Runs a warm-up in which each piece of 100 pushes costs the helpers what `costs` says, the last again and again. */
function warmed(secondsMax: number, ...costs: number[]) {
  let spent = 0;
  const run = async () => {
    spent += costs.length > 1 ? costs.shift()! : costs[0]!;
    return 100;
  };
  return warmUp({ secondsMax, run, helperCpuMs: () => spent, signal: new AbortController().signal });
}

describe('warming up', () => {
  it('ends when two pieces in a row cost the helpers the same', async () =>
    expect(await warmed(30, 400, 200, 100, 95)).toEqual({
      seconds: 12,
      steady: true,
      helperCpuMsPerPush: [4, 2, 1, 0.95],
    }));

  it('ends when the time is over, and says so', async () =>
    expect(await warmed(9, 400, 200, 100, 50)).toEqual({
      seconds: 9,
      steady: false,
      helperCpuMsPerPush: [4, 2, 1],
    }));

  it('takes pieces no longer than all of it', async () =>
    expect(await warmed(2, 100)).toMatchObject({ seconds: 2, steady: false }));
});
