import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, operatorOnAppRequest, Reply, StandingView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { OwnerDecision, OwnerDecisions } from '../owner-decisions.service';

/** An operator rejects a proposed ban; other restrictions of the owner stay. */
@Controller()
@Requires('operator')
export class RejectBanHandler {
  constructor(private readonly decisions: OwnerDecisions) {}

  @MessagePattern(complaintsSubjects.rejectBan)
  async handle(
    @Input(operatorOnAppRequest, { appId: 'app.unknown' }) { appId, note }: z.infer<typeof operatorOnAppRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<StandingView>> {
    const decision: OwnerDecision = {
      type: 'RejectBan',
      operatorId,
      ...(note !== undefined && { note }),
    };
    return this.decisions.make(appId, decision, context);
  }
}
