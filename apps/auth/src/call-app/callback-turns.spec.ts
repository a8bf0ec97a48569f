import { CallbackTurns, noTurn } from './callback-turns';

describe('turns to call apps’ servers', () => {
  const answered = async () => 'answered';

  it('are four at once for one app; what waits too long for one is put off, and other apps go on', async () => {
    const turns = new CallbackTurns(50);
    const releases: (() => void)[] = [];
    const hanging = () => new Promise<string>((resolve) => releases.push(() => resolve('at last')));
    const held = [1, 2, 3, 4].map(() => turns.run('a', hanging));
    expect(releases).toHaveLength(4);
    expect(await turns.run('a', answered)).toBe(noTurn);
    expect(await turns.run('b', answered)).toBe('answered');
    // Slow by now: one call at a time shows whether it is there again, and nothing waits for it.
    const probe = turns.run('a', hanging);
    expect(releases).toHaveLength(5);
    expect(await turns.run('a', answered)).toBe(noTurn);
    releases.forEach((release) => release());
    expect(await Promise.all([...held, probe])).toEqual(Array(5).fill('at last'));
    expect(await turns.run('a', answered)).toBe('answered');
    const again = [1, 2, 3, 4].map(() => turns.run('a', hanging));
    expect(releases).toHaveLength(9);
    releases.forEach((release) => release());
    await Promise.all(again);
  });

  it('are given back after a failure', async () => {
    const turns = new CallbackTurns(50);
    const failing = async () => Promise.reject(new Error('away'));
    for (let count = 0; count < 9; count += 1) await expect(turns.run('a', failing)).rejects.toThrow('away');
    expect(await turns.run('a', answered)).toBe('answered');
  });
});
