import {
  eventTypeFilter,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionExistsError,
  persistentSubscriptionToAllSettingsFromDefaults,
  ROUND_ROBIN,
  START,
} from '@eventstore/db-client';
import { Logger } from '@hark/kernel';
import { BackOff, pause } from '@hark/resilience';
import { EventStore } from './event-store';
import { Reactor } from './reactor';
import { noCounts } from './reactor-counts';
import { ReactorReader } from './reactor-reader';
import { groupSettings, RetryPolicy } from './retry-policy';
import { answerWithin } from './store-deadline';
import { toHarkError } from './store-error';
const deadlineMs = 5_000;
const firstReconnectMs = 50;
const longestReconnectMs = 2_000;
// A subscription that lasted this long, in milliseconds, was a good one: the next back-off starts small again.
const steadyMs = 5_000;

/** One reactor, subscribed for as long as it runs. */
export class ReactorGroup {
  readonly counts = noCounts();
  private exists = false;

  constructor(
    private readonly store: EventStore,
    readonly reactor: Reactor,
    private readonly log: Logger,
    private readonly retryPolicy: RetryPolicy,
  ) {}

  /** Subscribes again and again until `signal` aborts. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(firstReconnectMs, longestReconnectMs);
    const { group } = this.reactor;
    while (!signal.aborted) {
      const { session } = this.store;
      const begunMs = performance.now();
      try {
        await this.create();
        const reader = new ReactorReader(session, this.reactor, this.counts, this.log, this.retryPolicy);
        await reader.read(signal);
      } catch (error) {
        if (error instanceof PersistentSubscriptionDoesNotExistError) this.exists = false;
        const { code, message } = toHarkError(error);
        this.log.warn({ group, code, reason: message }, 'a reactor lost its subscription');
      }
      if (performance.now() - begunMs > steadyMs) backOff.reset();
      await pause(backOff.nextMs(), signal);
    }
  }

  private async create(): Promise<void> {
    if (this.exists) return;
    const types = this.reactor.reactsTo.map((type) => type.replaceAll('.', '\\.')).join('|');
    const settings = persistentSubscriptionToAllSettingsFromDefaults({
      ...groupSettings,
      startFrom: START,
      consumerStrategyName: ROUND_ROBIN,
      liveBufferSize: 1_000,
      historyBufferSize: 1_000,
      readBatchSize: 100,
    });
    const filter = eventTypeFilter({ regex: `^(${types})$` });
    const created = this.store.client.createPersistentSubscriptionToAll(this.reactor.group, settings, { filter });
    try {
      await answerWithin(deadlineMs, created);
    } catch (error) {
      if (!(error instanceof PersistentSubscriptionExistsError)) throw error;
    }
    this.exists = true;
  }
}
