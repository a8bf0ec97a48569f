import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, operatorOnAppRequest, Reply, StandingView } from '@hark/contracts';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { OwnerDecision, OwnerDecisions } from '../owner-decisions.service';

/** An operator rejects a proposed ban; other restrictions of the owner stay. */
@Controller()
export class RejectBanHandler {
  constructor(private readonly decisions: OwnerDecisions) {}

  @MessagePattern(complaintsSubjects.rejectBan)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<StandingView>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { appId, note } = parseWithId(operatorOnAppRequest, body, 'appId', 'app.unknown');
    const decision: OwnerDecision = {
      type: 'RejectBan',
      operatorId,
      ...(note !== undefined && { note }),
    };
    return this.decisions.make(appId, decision, commandContext(request));
  }
}
