import { Deadline } from './deadline';
import { OutboundError } from './outbound-error';

interface Lane {
  active: number;
  readonly waiting: Waiter[];
}
interface Waiter {
  admit(): void;
}

/**
 * At most `activeMax` holders a key at a time; further ones wait in order of arrival, at most `waitingMax` a key and no
 * longer than their deadline. Memory is bounded by what is in flight: a key nobody uses is forgotten.
 */
export class ConcurrencyLimiter {
  private readonly lanes = new Map<string, Lane>();

  constructor(
    private readonly activeMax: number,
    private readonly waitingMax: number,
  ) {}

  /** Runs `work` inside; `busy` when the line is full or the deadline passes while waiting: nothing has left then. */
  async run<T>(key: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    await this.enter(key, deadline);
    try {
      return await work();
    } finally {
      this.leave(key);
    }
  }

  private async enter(key: string, deadline: Deadline): Promise<void> {
    const lane = this.lanes.get(key) ?? { active: 0, waiting: [] };
    this.lanes.set(key, lane);
    if (lane.active < this.activeMax) {
      lane.active += 1;
      return;
    }
    if (lane.waiting.length >= this.waitingMax) throw new OutboundError('busy', 'queue-full');
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
        reject(new OutboundError('busy', 'queue-late'));
      }, deadline.remainingMs());
      const waiter = {
        admit() {
          clearTimeout(timer);
          resolve();
        },
      };
      lane.waiting.push(waiter);
    });
  }

  private leave(key: string): void {
    const lane = this.lanes.get(key);
    if (lane === undefined) return;
    const next = lane.waiting.shift();
    if (next !== undefined) return next.admit(); // the place passes on: `active` stays as it is
    lane.active -= 1;
    if (lane.active === 0) this.lanes.delete(key);
  }
}
