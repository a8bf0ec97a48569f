import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { EventStore, reactionContext, RecordedEvent } from '@hark/eventstore';
import { uuid5 } from '@hark/kernel';
import { ComplaintStore } from './complaint.store';
import { costsPoints } from './domain/costs-points';
import { StandingStore } from './standing.store';

/**
 * The only writer of penalties and of their lifting. Two callers penalise each upheld complaint: the operator's request at
 * once, so that it can show the result, and a reactor, in case that request was cut off. Both use the id derived from the
 * complaint, so it counts once. The same holds for granted appeals.
 */
@Injectable()
export class Penalties {
  constructor(
    private readonly store: EventStore,
    private readonly complaints: ComplaintStore,
    private readonly standings: StandingStore,
  ) {}

  /** Takes the points for this upheld complaint, if it costs any. Safe to repeat. */
  async takeFor(complaintId: string): Promise<void> {
    const { complained, ...found } = await this.found(complaintId, 'complaint.upheld');
    if (!costsPoints(complained)) return;
    const penaltyId = penaltyIdOf(complaintId);
    const { appId, ownerId } = complained;
    const { severity, operatorId, at } = found.event.data;
    await this.standings.execute(
      ownerId,
      { type: 'Penalize', penaltyId, complaintId, appId, severity, operatorId, at },
      { ...reactionContext(found.recorded, 'complaints'), commandId: penaltyId, actor: `user:${operatorId}` },
    );
  }

  /** Lifts the penalty whose appeal was granted. Safe to repeat. */
  async liftFor(complaintId: string): Promise<void> {
    const { complained, event, recorded } = await this.found(complaintId, 'complaint.appeal-granted');
    const { operatorId, at } = event.data;
    const command = { type: 'LiftPenalty' as const, penaltyId: penaltyIdOf(complaintId), operatorId, at };
    const upheldBy = await this.upheldBy(complained.ownerId);
    await this.standings.execute(
      complained.ownerId,
      { ...command, upheldBy },
      {
        ...reactionContext(recorded, 'complaints'),
        commandId: uuid5(complaintId, 'lifting'),
        actor: `user:${operatorId}`,
      },
    );
  }

  /** Who upheld the complaint of each of an owner's penalties. */
  async upheldBy(ownerId: string): Promise<ReadonlyMap<string, string>> {
    const { state } = await this.standings.load(ownerId);
    const made = await this.complaints.made(state.penalties.map(({ complaintId }) => complaintId));
    return new Map(
      made.flatMap(([id, complaint]) =>
        complaint.is === 'upheld' ? [[penaltyIdOf(id), complaint.decided.operatorId] as const] : [],
      ),
    );
  }

  private async found<T extends ComplaintEvent['type']>(complaintId: string, type: T) {
    const events = (await this.store.read('complaint', complaintId)) as RecordedEvent<ComplaintEvent>[];
    const complained = events.map(({ event }) => event).find((event) => event.type === 'complaint.complained');
    const recorded = events.find(({ event }) => event.type === type);
    // Throws, so that the event is parked and not lost: every upheld complaint must have its penalty.
    if (!complained || !recorded) throw new TypeError(`a complaint without ${type}`);
    const event = recorded.event as Extract<ComplaintEvent, { type: T }>;
    return { complained: complained.data, event, recorded };
  }
}

/** The id of the penalty for a complaint. */
export const penaltyIdOf = (complaintId: string): string => uuid5(complaintId, 'penalty');
