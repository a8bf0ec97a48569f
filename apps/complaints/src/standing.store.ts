import { Injectable } from '@nestjs/common';
import { StandingEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { ComplaintStore } from './complaint.store';
import { RecordedStanding, StandingCommand, standingDecider } from './domain/standing.decider';

/** The `standing-` streams, one for each owner of apps. Only this service writes them. */
@Injectable()
export class StandingStore extends DeciderStore<RecordedStanding, StandingCommand, StandingEvent> {
  constructor(
    store: EventStore,
    private readonly complaints: ComplaintStore,
  ) {
    super(store, 'standing', standingDecider);
  }

  /** Who made the complaints that cost this owner points: as operators they may not decide about it. */
  async complainantsOf(ownerId: string): Promise<string[]> {
    const { state } = await this.load(ownerId);
    return this.complaints.complainants(state.penalties.map(({ complaintId }) => complaintId));
  }
}
