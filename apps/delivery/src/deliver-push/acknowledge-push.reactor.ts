import { Injectable } from '@nestjs/common';
import { InboxItemEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { DeliveryStore } from '../delivery.store';
import { PushedMessages } from '../pushed-messages.store';

type Answer = Extract<InboxItemEvent, { type: 'inbox_item.acknowledged' | 'inbox_item.action-taken' }>;

/** Ends what follows a push once its person, or somebody it went to after them, says that they know, or presses a button. */
@Injectable()
export class AcknowledgePushReactor implements Reactor<Answer> {
  readonly group = 'delivery.acknowledge-push';
  readonly reactsTo = ['inbox_item.acknowledged', 'inbox_item.action-taken'];
  readonly concurrency = 32;

  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly messages: PushedMessages,
  ) {}

  async react(recorded: RecordedEvent<Answer>): Promise<void> {
    const { id: inboxItemId, event } = recorded;
    const command = { type: 'Acknowledge', inboxItemId, at: event.data.at } as const;
    const pushId = (await this.messages.escalatedFrom(inboxItemId)) ?? inboxItemId;
    await this.deliveries.execute(pushId, command, reactionContext(recorded, 'delivery'));
  }
}
