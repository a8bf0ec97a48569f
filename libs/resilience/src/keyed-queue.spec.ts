import { KeyedQueue } from './keyed-queue';

describe('a keyed queue', () => {
  const refusal = (why: string) => new Error(why);
  const hold = () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    return { release, work: () => held };
  };

  it('takes those under one key one at a time, in order, whatever happens to the others', async () => {
    const queue = new KeyedQueue({ waitingMax: 10, refusal });
    const log: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        log.push(`${name} in`);
        await Promise.resolve();
        log.push(`${name} out`);
        if (fails) throw new Error(name);
      };
    const runs = [queue.run('k', work('a', true)), queue.run('k', work('b')), queue.run('other', work('c'))];
    expect((await Promise.allSettled(runs)).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(log.filter((line) => !line.startsWith('c'))).toEqual(['a in', 'a out', 'b in', 'b out']);
    expect(log.indexOf('c in')).toBeLessThan(log.indexOf('b in'));
  });

  it('takes as many at once as it is told, and holds no more waiting than that', async () => {
    const queue = new KeyedQueue({ activeMax: 2, waitingMax: 1, refusal });
    const { release, work } = hold();
    const runs = [1, 2, 3].map(() => queue.run('k', work));
    await expect(queue.run('k', work)).rejects.toThrow('full');
    release();
    await Promise.all(runs);
    await queue.run('k', work);
  });

  describe('with a limit to the wait', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());
    const waiting = () => {
      const queue = new KeyedQueue({ waitingMax: 2, refusal });
      const { release, work } = hold();
      const first = queue.run('k', work);
      const short = queue.run('k', () => Promise.resolve('short'), 10);
      const patient = queue.run('k', () => Promise.resolve('patient'), 60_000);
      return { release, first, short, patient };
    };

    it('lets nobody wait for longer, and passes the place on to the next', async () => {
      const { release, first, short, patient } = waiting();
      const late = expect(short).rejects.toThrow('late');
      await jest.advanceTimersByTimeAsync(10);
      await late;
      release();
      await first;
      await expect(patient).resolves.toBe('patient');
    });

    it('lets in whose turn comes at its last moment, and forgets nobody behind it', async () => {
      const { release, first, short, patient } = waiting();
      release();
      jest.advanceTimersByTime(10); // before anything that the release leads to
      expect(await Promise.all([first, short, patient])).toEqual([undefined, 'short', 'patient']);
    });
  });
});
