import { HarkError } from '@hark/kernel';

const waitingMax = 1_000;

/** One at a time for each key, in order of arrival: commands on one stream do not race each other inside a process. */
export class KeyedQueue {
  private readonly tails = new Map<string, { tail: Promise<unknown>; waiting: number }>();

  /** Runs `work` after all earlier work under `key`. `unavailable` `eventstore.busy` when too many wait already. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.tails.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= waitingMax) {
      throw new HarkError('unavailable', 'eventstore.busy', 'too many commands wait for one stream');
    }
    this.tails.set(key, queue);
    queue.waiting += 1;
    const mine = queue.tail.then(work, work);
    queue.tail = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.tails.delete(key);
    }
  }
}
