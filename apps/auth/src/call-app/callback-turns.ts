import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { KeyedQueue } from '@hark/resilience';

/** How many calls to one app's server are under way at once. */
const callsMax = 4;
/** To a server that was slow of late: it may show that it is there again. */
const slowCallsMax = 1;
/** How long a call waits for its turn, in milliseconds. A server that makes others wait longer is slow. */
const waitMsUsual = 1_000;
/** As many as the reactor handles at once may wait for the same server, for that second. */
const waitingMax = 64;
/** At this many slow servers the one unused for longest counts as quick again. */
const slowMax = 10_000;

/** Another turn than now: nothing was called. */
export const noTurn = Symbol('no turn');

/**
 * Shares the calls among apps: a server that hangs holds up its own calls for a second, others' not at all. What finds no
 * turn is to be put off.
 */
export class CallbackTurns {
  private readonly usual = queue(callsMax, waitingMax);
  private readonly slow = queue(slowCallsMax, 0);
  private readonly slowApps = new LRUCache<string, true>({ max: slowMax });

  constructor(private readonly waitMs = waitMsUsual) {}

  /** What `call` returns, or `noTurn`. */
  async run<T>(appId: string, call: () => Promise<T>): Promise<T | typeof noTurn> {
    const isSlow = this.slowApps.has(appId);
    try {
      return await (isSlow ? this.slow : this.usual).run(appId, () => this.timed(appId, call), this.waitMs);
    } catch (error) {
      if (!(error instanceof NoTurn)) throw error;
      if (error.isLate) this.slowApps.set(appId, true);
      return noTurn;
    }
  }

  private async timed<T>(appId: string, call: () => Promise<T>): Promise<T> {
    const begunMs = performance.now();
    const result = await call();
    if (performance.now() - begunMs < this.waitMs) this.slowApps.delete(appId);
    return result;
  }
}

class NoTurn extends HarkError {
  constructor(readonly isLate: boolean) {
    super('unavailable', 'reactor.waiting', 'the calls to this server are all taken');
  }
}

const queue = (activeMax: number, waitingMax: number): KeyedQueue =>
  new KeyedQueue({ activeMax, waitingMax, refusal: (why) => new NoTurn(why === 'late') });
