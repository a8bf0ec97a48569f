import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { EventStore, reactionContext, RecordedEvent } from '@hark/eventstore';
import { uuid5 } from '@hark/kernel';
import { costsPoints } from './domain/costs-points';
import { StandingStore } from './standing.store';

/**
 * The only writer of penalties. Two callers penalise each upheld complaint: the operator's request at once, so that it
 * can show the result, and a reactor, in case that request was cut off. Both use the id derived from the complaint, so
 * it counts once.
 */
@Injectable()
export class Penalties {
  constructor(
    private readonly store: EventStore,
    private readonly standings: StandingStore,
  ) {}

  /** Takes the points for this upheld complaint, if it costs any. Safe to repeat. */
  async takeFor(complaintId: string): Promise<void> {
    const events = (await this.store.read('complaint', complaintId)) as RecordedEvent<ComplaintEvent>[];
    const complained = events.map(({ event }) => event).find(({ type }) => type === 'complaint.complained');
    const upheld = events.find(({ event }) => event.type === 'complaint.upheld');
    // Throws, so that the event is parked and not lost: every upheld complaint must have its penalty.
    if (complained?.type !== 'complaint.complained' || upheld?.event.type !== 'complaint.upheld')
      throw new TypeError('an upheld complaint is not upheld');
    if (!costsPoints(complained.data)) return;
    const penaltyId = uuid5(complaintId, 'penalty');
    const { appId, ownerId } = complained.data;
    const { severity, operatorId, at } = upheld.event.data;
    await this.standings.execute(
      ownerId,
      { type: 'Penalize', penaltyId, complaintId, appId, severity, operatorId, at },
      { ...reactionContext(upheld, 'complaints'), commandId: penaltyId, actor: `user:${operatorId}` },
    );
  }
}
