import { Injectable } from '@nestjs/common';
import { AppEvent } from '@hark/contracts';
import { reactionContext, Reactor, RecordedEvent } from '@hark/eventstore';
import { uuid5 } from '@hark/kernel';
import { StandingStore } from '../standing.store';

/** Opens a standing for a person who registers an app, unless they have one: a new app starts at its owner's points. */
@Injectable()
export class OpenStandingReactor implements Reactor<AppEvent> {
  readonly group = 'complaints.open-standing';
  readonly reactsTo = ['app.registered'];

  constructor(private readonly standings: StandingStore) {}

  async react(recorded: RecordedEvent<AppEvent>): Promise<void> {
    const { event, id: appId, eventId } = recorded;
    if (event.type !== 'app.registered') return;
    const ownerId = event.data.ownerId ?? appId;
    await this.standings.execute(
      ownerId,
      // The same for every redelivery, like the command id: equal ids must mean equal events.
      { type: 'Open', at: event.data.at },
      { ...reactionContext(recorded, 'complaints'), commandId: uuid5(eventId, 'open-standing') },
    );
  }
}
