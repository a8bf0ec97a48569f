import { Injectable } from '@nestjs/common';
import { InboxItemEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';

type Answer = Extract<InboxItemEvent, { type: 'inbox_item.acknowledged' | 'inbox_item.action-taken' }>;

/** Ends what follows a push once its person says that they know, or presses one of its buttons. */
@Injectable()
export class AcknowledgePushReactor implements Reactor<Answer> {
  readonly group = 'delivery.acknowledge-push';
  readonly reactsTo = ['inbox_item.acknowledged', 'inbox_item.action-taken'];
  readonly concurrency = 32;

  constructor(private readonly deliveries: DeliveryStore) {}

  async react(recorded: RecordedEvent<Answer>): Promise<void> {
    const { id: inboxItemId, event } = recorded;
    const command = { type: 'Acknowledge', inboxItemId, at: event.data.at } as const;
    await this.deliveries.execute(inboxItemId, command, reactionContext(recorded, 'delivery'));
  }
}
