import { KeyedQueue } from './keyed-queue';

describe('a keyed queue', () => {
  it('are taken one at a time under one key, in order, whatever happens to the others', async () => {
    const queue = new KeyedQueue();
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

  it('are not queued without end', async () => {
    const queue = new KeyedQueue();
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const runs = Array.from({ length: 1_000 }, () => queue.run('k', () => gate));
    await expect(queue.run('k', () => gate)).rejects.toMatchObject({ kind: 'unavailable', code: 'eventstore.busy' });
    release();
    await Promise.all(runs);
    await queue.run('k', () => Promise.resolve());
  });
});
