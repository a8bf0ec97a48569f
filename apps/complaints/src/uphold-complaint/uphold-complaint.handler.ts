import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { complaintsSubjects, Reply, UpholdReply, upholdRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireOperator } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { Penalties } from '../penalties.service';
import { StandingViews } from '../standing-views.service';

/** An operator upholds a complaint: the first decision wins, and points are taken from the app's owner. */
@Controller()
export class UpholdComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly penalties: Penalties,
    private readonly cases: ComplaintCases,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.uphold)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<UpholdReply>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { complaintId, severity, note } = parseWithId(upholdRequest, body, 'complaintId', 'complaint.unknown');
    const { state, position, replayed } = await this.complaints.execute(
      complaintId,
      {
        type: 'Uphold',
        decisionId: request.commandId,
        operatorId,
        severity,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      commandContext(request),
    );
    if (state.is !== 'upheld') throw new TypeError('a complaint that was upheld is upheld');
    await this.penalties.takeFor(complaintId);
    const [complaint, standing] = await Promise.all([
      this.cases.forOperator(complaintId, state),
      this.views.of(state.complained.ownerId),
    ]);
    return { body: { complaint, standing }, ...(position && { position }), ...(replayed && { replayed }) };
  }
}
