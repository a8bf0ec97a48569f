import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, dismissRequest, Reply, UpholdReply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';

/** An operator dismisses a complaint: the first decision wins, and nobody loses points. */
@Controller()
export class DismissComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.dismiss)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<UpholdReply>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { complaintId, note } = parseWithId(dismissRequest, body, 'complaintId', 'complaint.unknown');
    const { state, position, replayed } = await this.complaints.execute(
      complaintId,
      {
        type: 'Dismiss',
        decisionId: request.commandId,
        operatorId,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      commandContext(request),
    );
    if (state.is === 'absent') throw new TypeError('a complaint that was dismissed is there');
    return {
      body: { complaint: await this.cases.forOperator(complaintId, state) },
      ...(position && { position }),
      ...(replayed && { replayed }),
    };
  }
}
