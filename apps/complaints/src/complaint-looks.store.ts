import { Injectable } from '@nestjs/common';
import { AuditLookEvent, ComplaintLookEvent } from '@hark/contracts';
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

  /** The same of a look into the log itself, in an `audit_look-` stream. */
  async recordAudit(
    context: CommandContext,
    operatorId: string,
    sought: Omit<AuditLookEvent['data'], 'operatorId' | 'at'>,
  ): Promise<void> {
    const look: AuditLookEvent = { type: 'audit_look.taken', data: { operatorId, ...sought, at: this.clock.now() } };
    await this.store.append('audit_look', uuid7(), 'no-stream', [look], context);
  }
}
