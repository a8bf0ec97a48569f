import { Injectable } from '@nestjs/common';
import { StandingEvent } from '@hark/contracts';
import { CommandContext, DeciderStore, EventStore } from '@hark/eventstore';
import { Standing } from '@hark/gate';
import { uuid5 } from '@hark/kernel';
import { ComplaintStore } from './complaint.store';
import { Complaint } from './domain/complaint.decider';
import { costsPoints } from './domain/costs-points';
import { StandingCommand, standingDecider } from './domain/standing.decider';

/** The `standing-` streams, one for each owner of apps. Only this service writes them. */
@Injectable()
export class StandingStore extends DeciderStore<Standing, StandingCommand, StandingEvent> {
  constructor(
    store: EventStore,
    private readonly complaints: ComplaintStore,
  ) {
    super(store, 'standing', standingDecider);
  }

  /** Who made the complaints that cost this owner points: they decide nothing about it. */
  async complainantsOf(ownerId: string): Promise<string[]> {
    const { state } = await this.load(ownerId);
    return this.complaints.complainants(state.penalties.map(({ complaintId }) => complaintId));
  }

  /**
   * Applies the penalty of an upheld complaint, where it costs points. The penalty's id derives from the complaint, so it counts once however
   * often this is called: by the operator's own request and by the reactor that makes sure of it.
   */
  async penalize(
    complaintId: string,
    { complained, decided }: Extract<Complaint, { is: 'upheld' }>,
    { requestHash: _, ...context }: CommandContext, // it is the request's that upheld; two ways lead to this command
  ): Promise<void> {
    if (!costsPoints(complained)) return;
    const penaltyId = uuid5(complaintId, 'penalty');
    const { appId, ownerId } = complained;
    const { severity, operatorId, at } = decided;
    await this.execute(
      ownerId,
      { type: 'Penalize', penaltyId, complaintId, appId, severity, operatorId, at },
      { ...context, commandId: penaltyId },
    );
  }
}
