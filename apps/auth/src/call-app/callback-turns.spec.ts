import { CallbackTurns, noTurn } from './callback-turns';

/** Time goes on only where a test says so. */
describe('turns to call apps’ servers', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const waitMs = 50;
  /** For what waits: a call waits for a turn of its app's, then for one of its owner's. */
  const inTime = async <T>(outcome: Promise<T>): Promise<T> => {
    await jest.advanceTimersByTimeAsync(2 * waitMs);
    return outcome;
  };
  const answered = async () => 'answered';
  const app = (appId: string, ownerId = appId) => ({ appId, ownerId });

  it('are four at once for one app; what waits too long for one is put off, and other apps go on', async () => {
    const turns = new CallbackTurns(waitMs);
    const releases: (() => void)[] = [];
    const hanging = () => new Promise<string>((resolve) => releases.push(() => resolve('at last')));
    const held = [1, 2, 3, 4].map(() => turns.run(app('a'), hanging));
    expect(releases).toHaveLength(4);
    expect(await inTime(turns.run(app('a'), answered))).toBe(noTurn);
    expect(await turns.run(app('b'), answered)).toBe('answered');
    // Slow by now: one call at a time shows whether it is there again, and nothing waits for it.
    const probe = turns.run(app('a'), hanging);
    expect(releases).toHaveLength(5);
    expect(await inTime(turns.run(app('a'), answered))).toBe(noTurn);
    releases.forEach((release) => release());
    expect(await Promise.all([...held, probe])).toEqual(Array(5).fill('at last'));
    expect(await turns.run(app('a'), answered)).toBe('answered');
    const again = [1, 2, 3, 4].map(() => turns.run(app('a'), hanging));
    expect(releases).toHaveLength(9);
    releases.forEach((release) => release());
    await Promise.all(again);
  });

  it('are sixteen at once for all apps of one owner, four for those that are slow; other owners go on', async () => {
    const turns = new CallbackTurns(waitMs);
    const releases: (() => void)[] = [];
    const hanging = () => new Promise<string>((resolve) => releases.push(() => resolve('at last')));
    const apps = ['a', 'b', 'c', 'd', 'e'].map((appId) => app(appId, 'owner'));
    const held = apps.slice(0, 4).flatMap((one) => [1, 2, 3, 4].map(() => turns.run(one, hanging)));
    expect(await inTime(turns.run(apps[4]!, answered))).toBe(noTurn);
    expect(releases).toHaveLength(16);
    expect(await turns.run(app('x', 'another'), answered)).toBe('answered');
    releases.splice(0).forEach((release) => release());
    await Promise.all(held);
    // Waiting for the others has not made its own server a slow one.
    const usual = [1, 2, 3, 4].map(() => turns.run(apps[4]!, hanging));
    expect(releases).toHaveLength(4);
    releases.splice(0).forEach((release) => release());
    await Promise.all(usual);
    for (const one of apps) {
      const four = [1, 2, 3, 4].map(() => turns.run(one, hanging));
      expect(await inTime(turns.run(one, answered))).toBe(noTurn);
      releases.splice(0).forEach((release) => release());
      await Promise.all(four);
    }
    const probes = apps.map((one) => turns.run(one, hanging));
    expect(await probes[4]).toBe(noTurn);
    expect(releases).toHaveLength(4);
    releases.forEach((release) => release());
    await Promise.all(probes);
  });

  it('that an app waits for because of others of its owner do not make it a slow one', async () => {
    const turns = new CallbackTurns(waitMs);
    const releases: (() => void)[] = [];
    const hanging = () => new Promise<string>((resolve) => releases.push(() => resolve('at last')));
    const others = ['a', 'b', 'c', 'd'].map((appId) => app(appId, 'owner'));
    const held = others.flatMap((one) => [1, 2, 3, 4].map(() => turns.run(one, hanging)));
    const quick = app('e', 'owner');
    // More than may be under way: the last of them wait for the app's turns, in which the first wait for the owner's.
    const late = Array.from({ length: 16 }, () => turns.run(quick, answered));
    expect(new Set(await inTime(Promise.all(late)))).toEqual(new Set([noTurn]));
    releases.splice(0).forEach((release) => release());
    await Promise.all(held);
    const usual = [1, 2, 3, 4].map(() => turns.run(quick, hanging));
    expect(releases).toHaveLength(4);
    releases.forEach((release) => release());
    await Promise.all(usual);
  });

  it('of a slow server stay few until a call that began since was answered quickly', async () => {
    const turns = new CallbackTurns(waitMs);
    const releases: (() => void)[] = [];
    const hanging = () => new Promise<string>((resolve) => releases.push(() => resolve('at last')));
    const calls = [1, 2, 3, 4, 5].map(() => turns.run(app('a'), hanging));
    const late = turns.run(app('a'), answered);
    await jest.advanceTimersByTimeAsync(10);
    releases.shift()!();
    await jest.advanceTimersByTimeAsync(waitMs - 10);
    expect(await late).toBe(noTurn);
    // The fifth call took less than the wait, but others had waited for it.
    expect(releases).toHaveLength(4);
    releases.splice(0).forEach((release) => release());
    await Promise.all(calls);
    const probes = [1, 2].map(() => turns.run(app('a'), hanging));
    expect(await probes[1]).toBe(noTurn);
    releases.splice(0).forEach((release) => release());
    await probes[0];
    const usual = [1, 2, 3, 4].map(() => turns.run(app('a'), hanging));
    expect(releases).toHaveLength(4);
    releases.splice(0).forEach((release) => release());
    await Promise.all(usual);
  });

  it('are given back after a failure', async () => {
    const turns = new CallbackTurns(waitMs);
    const failing = async () => Promise.reject(new Error('away'));
    for (let count = 0; count < 9; count += 1) await expect(turns.run(app('a'), failing)).rejects.toThrow('away');
    expect(await turns.run(app('a'), answered)).toBe('answered');
  });
});
