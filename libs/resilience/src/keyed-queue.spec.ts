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

  it('lets nobody wait for longer than they may, and passes the place on to the next', async () => {
    const queue = new KeyedQueue({ waitingMax: 2, refusal });
    const { release, work } = hold();
    const first = queue.run('k', work);
    const late = queue.run('k', () => Promise.resolve('never'), 1);
    const patient = queue.run('k', () => Promise.resolve('done'), 60_000);
    await expect(late).rejects.toThrow('late');
    release();
    await first;
    await expect(patient).resolves.toBe('done');
  });
});
