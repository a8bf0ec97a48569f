import { Logger, silentLogger } from '@hark/kernel';
import { EventStore } from './event-store';
import { Reactor } from './reactor';
import { ReactorCounts } from './reactor-counts';
import { ReactorGroup } from './reactor-group';
import { defaultRetryPolicy, RetryPolicy } from './retry-policy';
import { answerWithin } from './store-deadline';
import { toHarkError } from './store-error';

const deadlineMs = 5_000;

/** A group as the store has it, whoever reads it. */
export interface GroupStanding {
  /** Events that were given up, until somebody replays or discards them. */
  readonly parked: number;
  /** Events at hand that are not done with: in work, to be tried again, or next. The store looks about 1,000 ahead. */
  readonly waiting: number;
  /** Processes that are subscribed. */
  readonly readers: number;
}

/**
 * Runs reactors on persistent subscriptions to the whole log, each filtered to its event types, from the log's start.
 *
 * At least once, in any order, `concurrency` events at a time per process; replicas share a group's events. Reconnects
 * for ever. A reaction that fails with `unavailable` is tried again, also past the store's retry limit when an outage
 * is that long; after any other failure its event is parked at once under the error's code.
 */
export class ReactorRunner {
  private readonly groups: ReactorGroup[];
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(
    private readonly store: EventStore,
    reactors: readonly Reactor[],
    log: Logger = silentLogger,
    retryPolicy: RetryPolicy = defaultRetryPolicy,
  ) {
    this.groups = reactors.map((reactor) => new ReactorGroup(store, reactor, log, retryPolicy));
    const names = new Set(reactors.map((reactor) => reactor.group));
    if (names.size !== reactors.length) throw new TypeError('two reactors share a group');
  }

  /** Begins in the background; `counts` shows whether a group is subscribed. */
  start(): void {
    this.running ??= Promise.all(this.groups.map((group) => group.run(this.stopping.signal)));
  }

  /** Takes no further events, waits for the running reactions (at most 30 s) and acknowledges them. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** What each group has done since the start of this process. */
  counts(): Readonly<Record<string, ReactorCounts>> {
    return Object.fromEntries(this.groups.map(({ reactor, counts }) => [reactor.group, { ...counts }]));
  }

  /** How each group stands in the store. */
  async standings(): Promise<Readonly<Record<string, GroupStanding>>> {
    const client = this.store.client;
    const ask = async ({ reactor }: ReactorGroup) => {
      const { stats, connections } = await answerWithin(
        deadlineMs,
        client.getPersistentSubscriptionToAllInfo(reactor.group),
      );
      const waiting =
        Number(stats.outstandingMessagesCount) + Number(stats.readBufferCount) + Number(stats.retryBufferCount);
      return [
        reactor.group,
        { parked: Number(stats.parkedMessageCount), waiting, readers: connections.length },
      ] as const;
    };
    return Object.fromEntries(await this.asHarkError(() => Promise.all(this.groups.map(ask))));
  }

  private async asHarkError<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toHarkError(error);
    }
  }
}
