import { DueRow } from './due';

/** For how long, in milliseconds, a firing that succeeded is not repeated: its event is on its way into the table. */
const settleMs = 5_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

interface Firing {
  readonly dueAt: string;
  readonly untilMs: number;
  readonly failures: number;
}

/** The recent firings and when each may be repeated. In the memory of one leader. */
export class Fired {
  private readonly firings = new Map<string, Firing>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Whether the row is being fired, or was so recently that it must not be fired now. */
  isResting({ due_key: key, due_at: dueAt }: DueRow): boolean {
    const firing = this.firings.get(key);
    return firing?.dueAt === dueAt && firing.untilMs > this.nowMs();
  }

  get size(): number {
    return this.firings.size;
  }

  begun({ due_key: key, due_at: dueAt }: DueRow): void {
    const failures = this.firings.get(key)?.failures ?? 0;
    this.firings.set(key, { dueAt, untilMs: Infinity, failures });
  }

  succeeded({ due_key: key, due_at: dueAt }: DueRow): void {
    this.firings.set(key, { dueAt, untilMs: this.nowMs() + settleMs, failures: 0 });
  }

  /** Waits longer each time. */
  failed({ due_key: key, due_at: dueAt }: DueRow): void {
    const before = this.firings.get(key);
    const failures = before?.dueAt === dueAt ? before.failures + 1 : 1;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 10));
    this.firings.set(key, { dueAt, untilMs: this.nowMs() + waitMs, failures });
  }

  /** Forgets firings that may be repeated, but keeps the count of failures for a while. */
  sweep(): void {
    const nowMs = this.nowMs();
    for (const [key, { untilMs, failures }] of this.firings) {
      if (untilMs + (failures > 0 ? longestRetryMs : 0) <= nowMs) this.firings.delete(key);
    }
  }
}
