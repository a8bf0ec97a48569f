import { Injectable } from '@nestjs/common';
import { ModerationEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Moderation, ModerationCommand, moderationDecider } from './domain/moderation.decider';

/** The `moderation-` streams, one for each push. Only this service writes them. */
@Injectable()
export class ModerationStore extends DeciderStore<Moderation, ModerationCommand, ModerationEvent> {
  constructor(store: EventStore) {
    // Short, because a push is worked on for seconds and hardly ever again.
    super(store, 'moderation', moderationDecider, { entriesMax: 1_000 });
  }
}
