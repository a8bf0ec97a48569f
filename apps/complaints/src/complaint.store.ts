import { Injectable } from '@nestjs/common';
import { ComplaintEvent } from '@hark/contracts';
import { DeciderStore, EventStore } from '@hark/eventstore';
import { Complaint, ComplaintCommand, complaintDecider, MadeComplaint } from './domain/complaint.decider';

/** An owner has few: one who has lost all points sends no more to complain about. */
const complainantsMax = 200;

/** The `complaint-` streams. Only this service writes them. */
@Injectable()
export class ComplaintStore extends DeciderStore<Complaint, ComplaintCommand, ComplaintEvent> {
  constructor(store: EventStore) {
    super(store, 'complaint', complaintDecider);
  }

  /** These complaints by their ids, in this order; those that nobody made are left out. */
  async made(complaintIds: readonly string[]): Promise<(readonly [string, MadeComplaint])[]> {
    const loaded = await Promise.all(complaintIds.map((id) => this.load(id)));
    return loaded.flatMap(({ state }, index) =>
      state.is === 'absent' ? [] : [[complaintIds[index]!, state] as const],
    );
  }

  /** Who made these complaints; at most the latest `complainantsMax` of them. */
  async complainants(complaintIds: readonly string[]): Promise<string[]> {
    const latest = await this.made(complaintIds.slice(-complainantsMax));
    return latest.map(([, { complained }]) => complained.personId);
  }
}
