import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { ComplaintStore } from '../complaint.store';
import { StandingStore } from '../standing.store';

type Upheld = Extract<ComplaintEvent, { type: 'complaint.upheld' }>;

/** Sees to it that every upheld complaint is penalised, also when whoever upheld it was cut off in between. */
@Injectable()
export class PenalizeOwnerReactor implements Reactor<Upheld> {
  readonly group = 'complaints.penalize-owner';
  readonly reactsTo = ['complaint.upheld'];

  constructor(
    private readonly complaints: ComplaintStore,
    private readonly standings: StandingStore,
  ) {}

  async react({ id: complaintId, eventId, metadata }: RecordedEvent<Upheld>): Promise<void> {
    const { state } = await this.complaints.load(complaintId);
    if (state.is !== 'upheld') throw new TypeError('an upheld complaint is not upheld');
    await this.standings.penalize(complaintId, state, {
      commandId: eventId,
      actor: metadata.actor ?? 'service:complaints',
      requestId: metadata.requestId ?? eventId,
      correlationId: metadata.$correlationId ?? eventId,
      causationId: eventId,
    });
  }
}
