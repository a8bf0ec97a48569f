import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, complainRequest, complaintsSubjects, ComplaintView, Reply } from '@hark/contracts';
import { claimCommand, type CommandContext, EventStore } from '@hark/eventstore';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { ComplaintStore } from '../complaint.store';
import { viewOf } from '../complaint-cases.service';
import { PushesStore } from '../pushes.store';

/** A person complains about a push they received: once, within 30 days. */
@Controller()
@Requires('user')
export class ComplainHandler {
  constructor(
    private readonly pushes: PushesStore,
    private readonly complaints: ComplaintStore,
    private readonly eventStore: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.complain)
  async handle(
    @Input(complainRequest, { inboxItemId: 'inbox.unknown' })
    { inboxItemId, reason, note }: z.infer<typeof complainRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ComplaintView>> {
    const filed = await this.pushes.filed(inboxItemId);
    if (filed?.personId !== personId)
      throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
    const at = this.clock.now();
    const complaintId = uuid5(inboxItemId, personId);
    await claimCommand(this.eventStore, context, at);
    const executed = await this.complaints.execute(
      complaintId,
      {
        type: 'Complain',
        pushId: inboxItemId,
        appId: filed.appId,
        ownerId: filed.ownerId,
        personId,
        reason,
        ...(await this.pushes.sender(inboxItemId)),
        ...(note !== undefined && { note: await this.vault.seal(personId, note, aadOf.complaintNote(complaintId)) }),
        filedAt: filed.at,
        at,
      },
      { ...context, creates: true },
    );
    const { state } = executed;
    if (state.is === 'absent') throw new TypeError('a complaint that was made is there');
    return replyTo(executed, viewOf(complaintId, state));
  }
}
