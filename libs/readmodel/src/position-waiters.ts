import { HarkError } from '@hark/kernel';

const pollEveryMs = 20;

interface Waiter {
  readonly projections: readonly string[];
  readonly position: bigint;
  readonly settle: (error?: Error) => void;
}

/**
 * Requests that wait for the tables to reach a position. In the leader's process they are told at once; elsewhere one
 * look at the checkpoint table every 20 ms serves all of them, and only while somebody waits.
 */
export class PositionWaiters {
  private readonly positions = new Map<string, bigint>();
  private readonly waiting = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;

  /** `look` reads the positions from the database; `hurry` is called when somebody begins to wait. */
  constructor(
    private readonly look: () => Promise<ReadonlyMap<string, bigint>>,
    private readonly isLeader: () => boolean,
    private readonly deadlineMs: number,
    private readonly hurry: () => void,
  ) {}

  get isAnybodyWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Call it whenever a projection's rows up to `position` are committed. */
  reached(projection: string, position: bigint): void {
    const known = this.positions.get(projection);
    if (known !== undefined && known >= position) return;
    this.positions.set(projection, position);
    this.settle();
  }

  /** Resolves when all `projections` have reached `position`; `unavailable` `readmodel.behind` after the deadline. */
  wait(projections: readonly string[], position: bigint): Promise<void> {
    if (this.has(projections, position)) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const extra = { retryAfter: 1 };
        waiter.settle(new HarkError('unavailable', 'readmodel.behind', 'the tables lag behind the log', { extra }));
      }, this.deadlineMs);
      const waiter: Waiter = {
        projections,
        position,
        settle: (error) => {
          clearTimeout(timer);
          this.waiting.delete(waiter);
          if (error) reject(error);
          else resolve();
        },
      };
      this.waiting.add(waiter);
      this.hurry();
      this.poll();
    });
  }

  /** Whether all `projections` are known to have reached `position`. */
  has(projections: readonly string[], position: bigint): boolean {
    return projections.every((name) => (this.positions.get(name) ?? -1n) >= position);
  }

  private poll(): void {
    if (this.timer || this.waiting.size === 0) return;
    const again = () => {
      this.timer = undefined;
      this.poll();
    };
    this.timer = setTimeout(() => {
      if (this.isLeader()) return again();
      this.look()
        .then((positions) => positions.forEach((position, projection) => this.reached(projection, position)))
        .catch(() => undefined) // ignored: the waiters' own deadline reports it
        .finally(again);
    }, pollEveryMs);
  }

  private settle(): void {
    for (const waiter of this.waiting) {
      if (this.has(waiter.projections, waiter.position)) waiter.settle();
    }
  }
}
