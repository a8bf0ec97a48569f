import { Fifo } from './fifo';

/** Long polls that may be open at once on one list. */
export const waitersMax = 1_000;

/** What every listed thing carries: its place in the journal and when it came. */
export interface Arrival {
  readonly seq: number;
  /** Milliseconds since 1970, with fractions. */
  readonly receivedAtMs: number;
}

export interface ListFilter {
  /** Device key, address, path or openid; absent lists all. */
  readonly key?: string;
  /** Only arrivals with a higher `seq`. */
  readonly after?: number;
}

interface Waiter {
  readonly after: number;
  missing: number;
  readonly done: () => void;
}

/**
 * What a provider accepted, oldest first, found by key. Keeps the newest `max` over all keys, so one busy key can push
 * others out; `dropped` says how many went. Adding costs O(1) for each of the arrival's keys.
 */
export class Arrivals<T extends Arrival> {
  private readonly all = new Fifo<{ item: T; keys: readonly string[] }>();
  private readonly byKey = new Map<string, Fifo<T>>();
  private readonly waiters = new Map<string | undefined, Set<Waiter>>();
  private waiting = 0;
  private droppedCount = 0;

  constructor(
    private readonly max: number,
    private readonly onDrop: (item: T) => void = () => {},
  ) {}

  get dropped(): number {
    return this.droppedCount;
  }

  /** Adds it under each of its keys (which must differ) and wakes the long polls it completes. */
  add(item: T, ...keys: readonly string[]): void {
    this.all.push({ item, keys });
    for (const key of keys) {
      let list = this.byKey.get(key);
      if (!list) this.byKey.set(key, (list = new Fifo()));
      list.push(item);
    }
    if (this.all.size > this.max) this.dropOldest();
    if (this.waiting > 0) for (const key of [undefined, ...keys]) this.wake(key, item.seq);
  }

  list({ key, after = 0 }: ListFilter): T[] {
    const items = key === undefined ? this.all.toArray().map((kept) => kept.item) : this.listKey(key);
    return after === 0 ? items : items.filter((item) => item.seq > after);
  }

  keys(): string[] {
    return [...this.byKey.keys()];
  }

  /**
   * Resolves once at least `atLeast` arrivals match, or when `signal` aborts, whichever is first; never rejects for
   * time. Returns false, without waiting, when too many polls wait already.
   */
  async waitFor(filter: ListFilter, atLeast: number, signal: AbortSignal): Promise<boolean> {
    const missing = atLeast - this.list(filter).length;
    if (missing <= 0 || signal.aborted) return true;
    if (this.waiting >= waitersMax) return false;
    await new Promise<void>((resolve) => {
      const done = () => {
        if (!waiters.delete(waiter)) return;
        this.waiting--;
        if (waiters.size === 0 && this.waiters.get(filter.key) === waiters) this.waiters.delete(filter.key);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const waiter: Waiter = { after: filter.after ?? 0, missing, done };
      const waiters = this.waiters.get(filter.key) ?? new Set<Waiter>();
      this.waiters.set(filter.key, waiters.add(waiter));
      this.waiting++;
      signal.addEventListener('abort', done);
    });
    return true;
  }

  /** Forgets everything and answers the open long polls with the nothing there is. */
  reset(): void {
    while (this.all.shift());
    this.byKey.clear();
    this.droppedCount = 0;
    for (const waiters of [...this.waiters.values()]) for (const waiter of [...waiters]) waiter.done();
  }

  private listKey(key: string): T[] {
    return this.byKey.get(key)?.toArray() ?? [];
  }

  private wake(key: string | undefined, seq: number): void {
    const waiters = this.waiters.get(key);
    if (!waiters) return;
    for (const waiter of [...waiters]) if (seq > waiter.after && --waiter.missing <= 0) waiter.done();
  }

  private dropOldest(): void {
    const oldest = this.all.shift();
    if (!oldest) return;
    this.droppedCount++;
    this.onDrop(oldest.item);
    for (const key of oldest.keys) {
      // Each list is a subsequence of `all`, so the oldest of all is the oldest of each of its keys.
      const list = this.byKey.get(key);
      list?.shift();
      if (list?.size === 0) this.byKey.delete(key);
    }
  }
}
