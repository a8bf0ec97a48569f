import { Injectable } from '@nestjs/common';
import { DeliveryEvent, InboxItemEvent, NoticeEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { InboxItem, inboxItemDecider, MarkInboxItem } from './domain/inbox-item.decider';

/** The `inbox_item-` streams, one for each message that somebody did something with. Only this service writes them. */
@Injectable()
export class InboxItemStore extends DeciderStore<InboxItem, MarkInboxItem, InboxItemEvent> {
  constructor(private readonly log: EventStore) {
    super(log, 'inbox_item', inboxItemDecider, { entriesMax: 1_000 });
  }

  /** Throws `not-found` `inbox.unknown` unless the message is in this person's inbox, by its own stream. */
  async assertOwn(itemId: string, personId: string): Promise<void> {
    const events = (await this.log.read('delivery', itemId)).map(({ event }) => event as DeliveryEvent);
    const filed = events.find((event) => event.type === 'delivery.filed') ?? (await this.noticeOf(itemId));
    if (filed?.data.personId === personId) return;
    throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
  }

  private async noticeOf(itemId: string): Promise<NoticeEvent | undefined> {
    return (await this.log.read('notice', itemId))[0]?.event as NoticeEvent | undefined;
  }
}
