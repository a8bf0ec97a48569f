import { LRUCache } from 'lru-cache';
import { HarkError } from '@hark/kernel';
import { entriesAtMost, KeyedQueue } from '@hark/resilience';

/** How many calls to one app's server are under way at once. */
const callsMax = 4;
/** To a server that was slow of late: it may show that it is there again. */
const slowCallsMax = 1;
/** How many to all servers of one owner: a quarter of those the reactor makes, however many apps they have. */
const ownersCallsMax = 16;
const ownersSlowCallsMax = 4;
const ownersWaitingMax = 16;
/** How long a call waits for its turn, in milliseconds. A server that makes others wait longer is slow. */
const waitMsUsual = 1_000;
/** As many as the reactor handles at once may wait for the same server, for that second. */
const waitingMax = 64;
/** At this many slow servers the one unused for longest counts as quick again. */
const slowMax = 10_000;

/** Another turn than now: nothing was called. */
export const noTurn = Symbol('no turn');

/**
 * Shares the calls among apps and their owners: a server that hangs holds up its own calls for a second, those of the same
 * owner where all of theirs hang, others' not at all. What finds no turn is to be put off.
 */
export class CallbackTurns {
  private readonly usual = queue(callsMax, waitingMax, 'app');
  private readonly slow = queue(slowCallsMax, 0, 'app');
  private readonly owners = queue(ownersCallsMax, ownersWaitingMax, 'owner');
  private readonly slowOwners = queue(ownersSlowCallsMax, 0, 'owner');
  /** When each slow server was found to be slow. */
  private readonly slowSinceMs = new LRUCache<string, number>(entriesAtMost(slowMax));
  /** How many calls to each app's server are under way; of the places that an app has others may wait for its owner's. */
  private readonly calling = new Map<string, number>();

  constructor(private readonly waitMs = waitMsUsual) {}

  /** What `call` returns, or `noTurn`. */
  async run<T>(
    { appId, ownerId }: { readonly appId: string; readonly ownerId: string },
    call: () => Promise<T>,
  ): Promise<T | typeof noTurn> {
    const [ofApp, ofOwner] = this.slowSinceMs.has(appId) ? [this.slow, this.slowOwners] : [this.usual, this.owners];
    const asOwners = () => ofOwner.run(ownerId, () => this.timed(appId, call), this.waitMs);
    try {
      return await ofApp.run(appId, asOwners, this.waitMs);
    } catch (error) {
      if (!(error instanceof NoTurn)) throw error;
      // Who waited for others of the same owner has shown nothing about its own server.
      const isOwn = error.of === 'app' && this.calling.get(appId) === callsMax;
      if (error.isLate && isOwn) this.slowSinceMs.set(appId, performance.now());
      return noTurn;
    }
  }

  private async timed<T>(appId: string, call: () => Promise<T>): Promise<T> {
    const begunMs = performance.now();
    this.count(appId, 1);
    try {
      const result = await call();
      // A call that others waited for says nothing, though it may end in the millisecond by which timers are early.
      const isSince = begunMs >= (this.slowSinceMs.get(appId) ?? Infinity);
      if (isSince && performance.now() - begunMs < this.waitMs) this.slowSinceMs.delete(appId);
      return result;
    } finally {
      this.count(appId, -1);
    }
  }

  private count(appId: string, more: number): void {
    const calls = (this.calling.get(appId) ?? 0) + more;
    if (calls === 0) this.calling.delete(appId);
    else this.calling.set(appId, calls);
  }
}

/** Whose turns they are. */
type Share = 'app' | 'owner';

class NoTurn extends HarkError {
  constructor(
    readonly of: Share,
    readonly isLate: boolean,
  ) {
    super('unavailable', 'reactor.waiting', 'the calls to this server are all taken');
  }
}

const queue = (activeMax: number, waitingMax: number, of: Share): KeyedQueue =>
  new KeyedQueue({ activeMax, waitingMax, refusal: (why) => new NoTurn(of, why === 'late') });
