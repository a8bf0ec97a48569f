import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache } from '@hark/eventstore';
import { Clock, Fold, IsoTime, plusMs } from '@hark/kernel';
import { UserStore } from '../user.store';

type Failed = Extract<DeliveryEvent, { type: 'delivery.failed' }>;

/** Whose push it is, and when each try began. */
interface Tried {
  readonly personId?: string;
  readonly triedAt: Readonly<Record<string, IsoTime>>;
  /** When the first try at an endpoint began of which the answer was `not-found`; null where another try ended otherwise. */
  readonly missingSince: Readonly<Record<string, IsoTime | null>>;
}

/** A shorter time may be a deployment, a longer one does not fit into the day for which a push is tried. */
const missingMs = 20 * 3_600_000;

const triedFold: Fold<Tried, DeliveryEvent> = {
  initial: { triedAt: {}, missingSince: {} },
  evolve(tried, { type, data }) {
    switch (type) {
      case 'delivery.decided':
        return { ...tried, personId: data.personId };
      case 'delivery.attempted':
        return { ...tried, triedAt: { ...tried.triedAt, [data.attemptId]: data.at } };
      case 'delivery.failed':
      case 'delivery.unknown': {
        const reason = type === 'delivery.failed' ? data.reason : undefined;
        if (reason === 'busy') return tried; // nothing was asked
        const { endpointId, attemptId } = data;
        const { [endpointId]: before = tried.triedAt[attemptId] ?? null } = tried.missingSince;
        const since = reason === 'not-found' ? before : null;
        return { ...tried, missingSince: { ...tried.missingSince, [endpointId]: since } };
      }
      default:
        return tried;
    }
  },
};

/**
 * Switches an endpoint off when a provider said that the device or mailbox is gone or somebody else's by now, or for a day answered every try of a
 * push with 404, so that it is not asked again and nobody who comes by the address later gets another's messages.
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
    const { class: failure, reason: why, attemptId, endpointId, final } = event.data;
    const isGone = failure === 'RECIPIENT_GONE';
    if (!isGone && !(final && why === 'not-found')) return;
    const { personId, triedAt, missingSince } = (await this.deliveries.get(pushId)).state;
    const at = triedAt[attemptId];
    if (personId === undefined || at === undefined) return;
    const since = isGone ? at : missingSince[endpointId];
    if (!isGone && (!since || at < plusMs(since, missingMs))) return;
    await this.users.execute(
      personId,
      {
        type: 'DisableEndpoint',
        endpointId,
        reason: why === 'owner-changed' ? why : isGone ? 'recipient-gone' : 'not-found',
        triedAt: since ?? at,
        at: this.clock.now(),
      },
      reactionContext(recorded, 'auth'),
    );
  }
}
