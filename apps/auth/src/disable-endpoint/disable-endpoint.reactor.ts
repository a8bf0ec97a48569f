import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Clock, Fold, IsoTime } from '@hark/kernel';
import { UserStore } from '../user.store';

type Failed = Extract<DeliveryEvent, { type: 'delivery.failed' }>;

/** Whose push it is, and when each try began. */
interface Tried {
  readonly personId?: string;
  readonly triedAt: Readonly<Record<string, IsoTime>>;
}

const triedFold: Fold<Tried, DeliveryEvent> = {
  initial: { triedAt: {} },
  evolve(tried, { type, data }) {
    if (type === 'delivery.decided') return { ...tried, personId: data.personId };
    if (type !== 'delivery.attempted') return tried;
    return { ...tried, triedAt: { ...tried.triedAt, [data.attemptId]: data.at } };
  },
};

/**
 * Switches an endpoint off when a provider said that the device or mailbox is gone, so that it is not asked again.
 * Another reactor tells its person, who can bring it back with a new code.
 */
@Injectable()
export class DisableEndpointReactor implements Reactor<Failed> {
  readonly group = 'auth.disable-endpoint';
  readonly reactsTo = ['delivery.failed'];

  private readonly deliveries: StateCache<Tried>;

  constructor(
    store: EventStore,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {
    this.deliveries = store.streams('delivery', triedFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Failed>): Promise<void> {
    const { event, id: pushId } = recorded;
    const { class: failure, attemptId, endpointId } = event.data;
    if (failure !== 'RECIPIENT_GONE') return;
    const { personId, triedAt } = (await this.deliveries.get(pushId)).state;
    const at = triedAt[attemptId];
    if (personId === undefined || at === undefined) return;
    await this.users.execute(
      personId,
      {
        type: 'DisableEndpoint',
        endpointId,
        reason: 'recipient-gone',
        triedAt: at,
        at: this.clock.now(),
      },
      reactionContext(recorded, 'auth'),
    );
  }
}
