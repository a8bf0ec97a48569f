import { Injectable } from '@nestjs/common';
import { DeliveryEvent, InboxItemEvent, MessageEvent, NoticeEvent } from '@hark/contracts';
import { DeciderStore, EventStore, StateCache } from '@hark/eventstore';
import { Fold, HarkError } from '@hark/kernel';
import { InboxItem, InboxItemCommand, inboxItemDecider } from './domain/inbox-item.decider';

/** The `inbox_item-` streams, one for each message that its person has marked. Only this service writes them. */
@Injectable()
export class InboxItemStore extends DeciderStore<InboxItem, InboxItemCommand, InboxItemEvent> {
  private readonly recipients: readonly StateCache<string | undefined>[];
  private readonly recalls: StateCache<boolean>;

  constructor(store: EventStore) {
    super(store, 'inbox_item', inboxItemDecider, { entriesMax: 1_000 });
    this.recipients = ['delivery', 'notice'].map((category) =>
      store.streams(category, recipientFold, { entriesMax: 1 }),
    );
    this.recalls = store.streams('message', recalledFold, { entriesMax: 1 });
  }

  /** Throws `not-found` `inbox.unknown` unless the message is in this person's inbox, by its own streams. */
  async assertOwn(itemId: string, personId: string): Promise<void> {
    for (const streams of this.recipients) {
      if ((await streams.get(itemId)).state !== personId) continue;
      // What its sender took back can be marked no more than what was cleared away.
      if ((await this.recalls.get(itemId)).state) break;
      return;
    }
    throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
  }
}

/** The person in whose inbox it was filed. */
const recipientFold: Fold<string | undefined, DeliveryEvent | NoticeEvent> = {
  initial: undefined,
  evolve: (personId, event) =>
    event.type === 'delivery.filed' || event.type === 'notice.filed' ? event.data.personId : personId,
};

const recalledFold: Fold<boolean, MessageEvent> = {
  initial: false,
  evolve: (is, { type }) => is || type === 'message.recalled',
};
