import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Complaint, ComplaintCommand, complaintDecider } from './domain/complaint.decider';

/** An owner has few: one who has lost all points sends no more to complain about. */
const complainantsMax = 200;

/** The `complaint-` streams. Only this service writes them. */
@Injectable()
export class ComplaintStore extends DeciderStore<Complaint, ComplaintCommand, ComplaintEvent> {
  constructor(store: EventStore) {
    super(store, 'complaint', complaintDecider);
  }

  /** Who made these complaints; at most the latest `complainantsMax` of them. */
  async complainants(complaintIds: readonly string[]): Promise<string[]> {
    const latest = await Promise.all(complaintIds.slice(-complainantsMax).map((id) => this.load(id)));
    return latest.flatMap(({ state }) => (state.is === 'absent' ? [] : [state.complained.personId]));
  }
}
