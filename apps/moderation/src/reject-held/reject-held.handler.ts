import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { heldDecisionRequest, moderationSubjects, RejectReply, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { HeldTexts } from '../held-texts.store';
import { ModerationStore } from '../moderation.store';

/** An operator blocks a held text for good. The first decision wins. */
@Controller()
@Requires('operator')
export class RejectHeldHandler {
  constructor(
    private readonly moderations: ModerationStore,
    private readonly texts: HeldTexts,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(moderationSubjects.reject)
  async handle(
    @Input(heldDecisionRequest, { pushId: 'review.unknown' })
    { pushId, note, edition }: z.infer<typeof heldDecisionRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RejectReply>> {
    const executed = await this.moderations.execute(
      pushId,
      {
        type: 'Reject',
        operatorId,
        parties: await this.texts.parties(pushId),
        ...(edition !== undefined && { edition }),
        decisionId: context.commandId,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      context,
    );
    return replyTo(executed, { pushId, status: 'rejected' });
  }
}
