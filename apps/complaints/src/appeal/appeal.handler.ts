import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, appealRequest, AppealView, complaintsSubjects, Reply } from '@hark/contracts';
import { claimCommand, type CommandContext, EventStore } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppsStore } from '../apps.store';
import { ComplaintStore } from '../complaint.store';
import { appealViewOf } from '../domain/appeal-views';
import { StandingStore } from '../standing.store';

/**
 * The owner of an app appeals against a penalty of their standing: once per penalty, within 180 days. They may name any
 * of their apps, because a penalty belongs to the owner and outlives the app whose push was complained about.
 */
@Controller()
@Requires('user')
export class AppealHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly standings: StandingStore,
    private readonly complaints: ComplaintStore,
    private readonly eventStore: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.appeal)
  async handle(
    @Input(appealRequest, { appId: 'app.unknown' }) { appId, penaltyId, note }: z.infer<typeof appealRequest>,
    @UserId() ownerId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<AppealView>> {
    const app = await this.apps.registered(appId);
    if (app.is === 'deleted' || app.ownerId !== ownerId)
      throw new HarkError('not-found', 'app.unknown', 'the caller has no such app');
    const complaintId = await this.complaintOf(penaltyId, ownerId);
    const at = this.clock.now();
    await claimCommand(this.eventStore, context, at);
    const sealed = await this.vault.seal(ownerId, note, aadOf.appealNote(complaintId));
    const executed = await this.complaints.execute(
      complaintId,
      { type: 'Appeal', requestId: context.commandId, penaltyId, note: sealed, at },
      context,
    );
    const { state } = executed;
    if (state.is !== 'upheld' || !state.appeal) throw new TypeError('an appeal that was made is there');
    return replyTo(executed, { penaltyId, ...appealViewOf(state.appeal) });
  }

  private async complaintOf(penaltyId: string, ownerId: string): Promise<string> {
    const { events } = (await this.standings.load(ownerId)).state;
    for (const { type, data } of events)
      if (type === 'standing.penalized' && data.penaltyId === penaltyId) return data.complaintId;
    throw new HarkError('not-found', 'penalty.unknown', 'the owner has no such penalty');
  }
}
