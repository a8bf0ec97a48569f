import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { aadOf, complainRequest, complaintsSubjects, ComplaintView, Reply } from '@hark/contracts';
import { claimCommand, EventStore } from '@hark/eventstore';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { Vault } from '@hark/vault';
import { ComplaintStore } from '../complaint.store';
import { viewOf } from '../complaint-cases.service';
import { PushesStore } from '../pushes.store';

/** A person complains about a push they received: once, within 30 days. */
@Controller()
export class ComplainHandler {
  constructor(
    private readonly pushes: PushesStore,
    private readonly complaints: ComplaintStore,
    private readonly eventStore: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.complain)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<ComplaintView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { inboxItemId, reason, note } = parseWithId(complainRequest, body, 'inboxItemId', 'inbox.unknown');
    const filed = await this.pushes.filed(inboxItemId);
    if (filed?.personId !== personId)
      throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
    const at = this.clock.now();
    const complaintId = uuid5(inboxItemId, personId);
    const command = commandContext(request);
    await claimCommand(this.eventStore, command, at);
    const { state, position, replayed } = await this.complaints.execute(
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
      { ...command, creates: true },
    );
    if (state.is === 'absent') throw new TypeError('a complaint that was made is there');
    return { body: viewOf(complaintId, state), ...(position && { position }), ...(replayed && { replayed }) };
  }
}
