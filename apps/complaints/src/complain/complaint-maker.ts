import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { aadOf, complainRequest, ComplaintView, Reply } from '@hark/contracts';
import { claimCommand, type CommandContext, EventStore } from '@hark/eventstore';
import { Clock, HarkError, uuid5 } from '@hark/kernel';
import { Vault } from '@hark/vault';
import { ComplaintStore } from '../complaint.store';
import { viewOf } from '../complaint-cases.service';
import { Filed, PushesStore } from '../pushes.store';

/** Makes complaints: once about a push, by whoever received it, within 30 days. */
@Injectable()
export class ComplaintMaker {
  constructor(
    private readonly pushes: PushesStore,
    private readonly complaints: ComplaintStore,
    private readonly eventStore: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** What the person received as this message; `inbox.unknown` for everybody else. */
  async received(inboxItemId: string, personId: string): Promise<Filed> {
    const filed = await this.pushes.filed(inboxItemId);
    if (filed?.personId === personId) return filed;
    throw new HarkError('not-found', 'inbox.unknown', 'the person has no such message');
  }

  async make(
    { inboxItemId, reason, note }: z.infer<typeof complainRequest>,
    personId: string,
    context: CommandContext,
  ): Promise<Reply<ComplaintView>> {
    const filed = await this.received(inboxItemId, personId);
    const at = this.clock.now();
    const complaintId = complaintIdOf(inboxItemId, personId);
    await claimCommand(this.eventStore, context, at);
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
      { ...context, creates: true },
    );
    if (state.is === 'absent') throw new TypeError('a complaint that was made is there');
    return { body: viewOf(complaintId, state), position, replayed };
  }
}

/** The one complaint that a person can make about a push. */
export const complaintIdOf = (pushId: string, personId: string): string => uuid5(pushId, personId);
