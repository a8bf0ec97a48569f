import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Penalties } from '../penalties.service';

/** Lifts the penalty of every granted appeal, also when the operator's own request was cut off before it did. */
@Injectable()
export class LiftPenaltyReactor implements Reactor<ComplaintEvent> {
  readonly group = 'complaints.lift-penalty';
  readonly reactsTo = ['complaint.appeal-granted'];

  constructor(private readonly penalties: Penalties) {}

  react({ id: complaintId }: RecordedEvent<ComplaintEvent>): Promise<void> {
    return this.penalties.liftFor(complaintId);
  }
}
