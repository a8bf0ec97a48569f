import { withTimeout } from './with-timeout';

/** Bounds of a `KeyedQueue`. */
export interface KeyedQueueOptions {
  /** How many run at once under one key. Default 1. */
  readonly activeMax?: number;
  /** How many wait behind them under one key. */
  readonly waitingMax: number;
  /**
   * The error for work that is not let in: the queue is full, or its turn did not come in time. Nothing was begun then.
   */
  readonly refusal: (why: 'full' | 'late') => Error;
}

interface Lane {
  active: number;
  readonly waiting: (() => void)[];
}

/**
 * Runs some at a time under each key, the others in order of arrival. Keys do not delay each other. Memory is bounded
 * by the work under way: an unused key is forgotten.
 */
export class KeyedQueue {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly options: KeyedQueueOptions) {}

  /** Runs `work` when its turn under `key` has come; throws the refusal when it may not wait, or waits longer than `waitMs`. */
  async run<T>(key: string, work: () => Promise<T>, waitMs?: number): Promise<T> {
    const turn = this.enter(key, waitMs);
    if (turn) await turn;
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  private enter(key: string, waitMs: number | undefined): Promise<void> | undefined {
    const { activeMax = 1, waitingMax, refusal } = this.options;
    const lane = this.lanes.get(key) ?? { active: 0, waiting: [] };
    if (lane.active < activeMax) {
      lane.active += 1;
      this.lanes.set(key, lane);
      return undefined;
    }
    if (lane.waiting.length >= waitingMax) throw refusal('full');
    let admit = (): void => {};
    const turn = new Promise<void>((resolve) => (admit = resolve));
    lane.waiting.push(admit);
    if (waitMs === undefined) return turn;
    return withTimeout(waitMs, turn, () => {
      const place = lane.waiting.indexOf(admit);
      // The place was passed on to it in the same moment: who let it go would leave it taken for ever.
      if (place < 0) return turn;
      lane.waiting.splice(place, 1);
      throw refusal('late');
    });
  }

  private leave(key: string): void {
    const lane = this.lanes.get(key)!;
    const admit = lane.waiting.shift();
    if (admit) return admit(); // the place passes on, so `active` stays
    lane.active -= 1;
    if (lane.active === 0) this.lanes.delete(key);
  }
}
