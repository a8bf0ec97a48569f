import { Injectable } from '@nestjs/common';
import { DeliveryEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { UserStore } from '../user.store';

type Failed = Extract<DeliveryEvent, { type: 'delivery.failed' }>;

/**
 * A provider said that a device or mailbox is gone: switches the endpoint off, so that it is not asked again. Its person is
 * told by whoever reacts to that, and brings it back with a new code.
 */
@Injectable()
export class DisableEndpointReactor implements Reactor<Failed> {
  readonly group = 'auth.disable-endpoint';
  readonly reactsTo = ['delivery.failed'];

  constructor(
    private readonly store: EventStore,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  async react(recorded: RecordedEvent<Failed>): Promise<void> {
    const { event, id: pushId } = recorded;
    const { class: failure, attemptId, endpointId } = event.data;
    if (failure !== 'RECIPIENT_GONE') return;
    const story = (await this.store.read('delivery', pushId)).map(({ event: told }) => told as DeliveryEvent);
    const decided = story.find(({ type }) => type === 'delivery.decided');
    const attempted = story.find(({ type, data }) => type === 'delivery.attempted' && data.attemptId === attemptId);
    if (decided?.type !== 'delivery.decided' || !attempted) return;
    await this.users.execute(
      decided.data.personId,
      {
        type: 'DisableEndpoint',
        endpointId,
        reason: 'recipient-gone',
        triedAt: attempted.data.at,
        at: this.clock.now(),
      },
      reactionContext(recorded, 'auth'),
    );
  }
}
