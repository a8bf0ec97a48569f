import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, decideAppealRequest, Reply, UpholdReply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { AppealDecisions } from './appeal-decisions.service';

/** An operator grants an appeal: the penalty is lifted and the standing is as if it had never been given. */
@Controller()
@Requires('operator')
export class GrantAppealHandler {
  constructor(private readonly decisions: AppealDecisions) {}

  @MessagePattern(complaintsSubjects.grantAppeal)
  handle(
    @Input(decideAppealRequest, { complaintId: 'appeal.unknown' })
    { complaintId, note }: z.infer<typeof decideAppealRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<UpholdReply>> {
    const decided = { complaintId, operatorId, ...(note !== undefined && { note }) };
    return this.decisions.make({ type: 'GrantAppeal', ...decided }, context);
  }
}
