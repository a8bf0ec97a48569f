/** A queue in which every key has its turn: who has brought a thousand items waits behind who brings one. */
export class RoundRobin<T> {
  /** In the order of their turns. A key without items is not there. */
  private readonly queues = new Map<string, T[]>();
  private count = 0;

  /** How many items wait. */
  get size(): number {
    return this.count;
  }

  /** Adds an item; items of one key stay in their order. */
  add(key: string, item: T): void {
    const queue = this.queues.get(key);
    if (queue) queue.push(item);
    else this.queues.set(key, [item]);
    this.count += 1;
  }

  /** Takes the next item, of the key whose turn it is; undefined when none waits. */
  take(): T | undefined {
    const first = this.queues.entries().next();
    if (first.done) return undefined;
    const [key, queue] = first.value;
    const item = queue.shift();
    this.queues.delete(key);
    if (queue.length > 0) this.queues.set(key, queue);
    this.count -= 1;
    return item;
  }
}
