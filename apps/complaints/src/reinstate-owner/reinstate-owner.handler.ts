import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, reinstateRequest, Reply, StandingView } from '@hark/contracts';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { OwnerDecision, OwnerDecisions } from '../owner-decisions.service';

/** An operator lifts an owner's restrictions, and gives back enough points to keep them lifted. */
@Controller()
export class ReinstateOwnerHandler {
  constructor(private readonly decisions: OwnerDecisions) {}

  @MessagePattern(complaintsSubjects.reinstate)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<StandingView>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { appId, note, points } = parseWithId(reinstateRequest, body, 'appId', 'app.unknown');
    const decision: OwnerDecision = {
      type: 'Reinstate',
      operatorId,
      ...(note !== undefined && { note }),
      ...(points !== undefined && { points }),
    };
    return this.decisions.make(appId, decision, commandContext(request));
  }
}
