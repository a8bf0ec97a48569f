import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { aadOf, complainRequest, complaintsSubjects, ComplaintView, Reply } from '@hark/contracts';
import { claimCommand, EventStore } from '@hark/eventstore';
import { Clock, HarkError, plusMs, uuid5 } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { Vault } from '@hark/vault';
import { ComplaintStore } from '../complaint.store';
import { viewOf } from '../complaint-cases.service';
import { PushesStore } from '../pushes.store';

/** How long after it was filed a push can be complained about. */
const complainableMs = 30 * 86_400_000;

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
    const { state } = await this.complaints.load(complaintId);
    // Who complained in time may ask again later, and gets the complaint they made.
    if (state.is === 'absent' && at > plusMs(filed.at, complainableMs)) {
      throw new HarkError('refused', 'complaint.too-late', 'the message is too old');
    }
    const command = commandContext(request);
    await claimCommand(this.eventStore, command, at);
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
        at,
      },
      { ...command, creates: true },
    );
    if (executed.state.is === 'absent') throw new TypeError('a complaint that was made is there');
    const { complained } = executed.state;
    return {
      // A repeat gets the answer it got, even if the complaint has been decided since.
      body: viewOf(complaintId, executed.replayed ? { is: 'open', complained } : executed.state),
      ...(executed.position && { position: executed.position }),
      ...(executed.replayed && { replayed: true }),
    };
  }
}
