import { Injectable } from '@nestjs/common';
import { ComplaintLookEvent } from '@hark/contracts';
import { CommandContext, EventStore } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';

/**
 * The `complaint_look-` streams: which operator saw which sealed texts, one stream per look. Only this service writes
 * them.
 */
@Injectable()
export class ComplaintLooks {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Records a look before anything is shown. When it throws, nothing may be shown. */
  async record(context: CommandContext, operatorId: string, complaintIds: readonly string[]): Promise<void> {
    if (complaintIds.length === 0) return;
    const data = { operatorId, complaintIds: [...complaintIds], at: this.clock.now() };
    const look: ComplaintLookEvent = { type: 'complaint_look.taken', data };
    await this.store.append('complaint_look', uuid7(), 'no-stream', [look], context);
  }
}
