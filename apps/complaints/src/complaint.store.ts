import { ComplaintEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Injectable } from '@nestjs/common';
import { Complaint, ComplaintCommand, complaintDecider } from './domain/complaint.decider';

/** The `complaint-` streams. Only this service writes them. */
@Injectable()
export class ComplaintStore extends DeciderStore<Complaint, ComplaintCommand, ComplaintEvent> {
  constructor(store: EventStore) {
    super(store, 'complaint', complaintDecider);
  }
}
