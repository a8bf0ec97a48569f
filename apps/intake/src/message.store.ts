import { Injectable } from '@nestjs/common';
import { MessageEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Message, MessageCommand, messageDecider } from './domain/message.decider';

/** The `message-` streams. Only this service writes them. */
@Injectable()
export class MessageStore extends DeciderStore<Message, MessageCommand, MessageEvent> {
  constructor(store: EventStore) {
    // Short, because a push is worked on for seconds and hardly ever again.
    super(store, 'message', messageDecider, { entriesMax: 1_000 });
  }
}
