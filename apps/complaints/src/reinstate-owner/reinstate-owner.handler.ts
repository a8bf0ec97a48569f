import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, reinstateRequest, Reply, StandingView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { OwnerDecision, OwnerDecisions } from '../owner-decisions.service';

/** An operator lifts an owner's restrictions, and gives back enough points to keep them lifted. */
@Controller()
@Requires('operator')
export class ReinstateOwnerHandler {
  constructor(private readonly decisions: OwnerDecisions) {}

  @MessagePattern(complaintsSubjects.reinstate)
  async handle(
    @Input(reinstateRequest, { appId: 'app.unknown' }) { appId, note, points }: z.infer<typeof reinstateRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<StandingView>> {
    const decision: OwnerDecision = {
      type: 'Reinstate',
      operatorId,
      ...(note !== undefined && { note }),
      ...(points !== undefined && { points }),
    };
    return this.decisions.make(appId, decision, context);
  }
}
