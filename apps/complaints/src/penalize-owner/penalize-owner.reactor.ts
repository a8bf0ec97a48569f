import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Penalties } from '../penalties.service';

/** Penalises every upheld complaint, also when the operator's own request was cut off before it did. */
@Injectable()
export class PenalizeOwnerReactor implements Reactor<ComplaintEvent> {
  readonly group = 'complaints.penalize-owner';
  readonly reactsTo = ['complaint.upheld'];

  constructor(private readonly penalties: Penalties) {}

  react({ id: complaintId }: RecordedEvent<ComplaintEvent>): Promise<void> {
    return this.penalties.takeFor(complaintId);
  }
}
