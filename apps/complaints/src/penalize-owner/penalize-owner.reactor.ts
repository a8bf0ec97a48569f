import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Penalties } from '../penalties.service';

/** Sees to it that every upheld complaint is penalised, also when whoever upheld it was cut off in between. */
@Injectable()
export class PenalizeOwnerReactor implements Reactor<ComplaintEvent> {
  readonly group = 'complaints.penalize-owner';
  readonly reactsTo = ['complaint.upheld'];

  constructor(private readonly penalties: Penalties) {}

  react({ id: complaintId }: RecordedEvent<ComplaintEvent>): Promise<void> {
    return this.penalties.takeFor(complaintId);
  }
}
