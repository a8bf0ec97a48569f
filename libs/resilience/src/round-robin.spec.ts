import { RoundRobin } from './round-robin';

describe('a queue in which every key has its turn', () => {
  const taken = (queue: RoundRobin<string>) => Array.from({ length: queue.size }, () => queue.take());

  it('gives out one of each key in turn, and those of one key in their order', () => {
    const queue = new RoundRobin<string>();
    for (const item of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'c2']) queue.add(item[0]!, item);
    expect(taken(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', 'a4']);
    expect(queue.take()).toBeUndefined();
    expect(queue.size).toBe(0);
  });

  it('puts a new key behind those that wait already', () => {
    const queue = new RoundRobin<string>();
    for (const item of ['a1', 'a2', 'b1']) queue.add(item[0]!, item);
    expect(queue.take()).toBe('a1');
    queue.add('c', 'c1');
    expect(taken(queue)).toEqual(['b1', 'a2', 'c1']);
  });
});
