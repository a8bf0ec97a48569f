import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, Reply, UpholdReply, upholdRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { Penalties } from '../penalties.service';
import { StandingViews } from '../standing-views.service';

/** An operator upholds a complaint: the first decision wins, and points are taken from the app's owner. */
@Controller()
@Requires('operator')
export class UpholdComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly penalties: Penalties,
    private readonly cases: ComplaintCases,
    private readonly views: StandingViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.uphold)
  async handle(
    @Input(upholdRequest, { complaintId: 'complaint.unknown' })
    { complaintId, severity, note }: z.infer<typeof upholdRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<UpholdReply>> {
    const executed = await this.complaints.execute(
      complaintId,
      {
        type: 'Uphold',
        decisionId: context.commandId,
        operatorId,
        severity,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      context,
    );
    const { state } = executed;
    if (state.is !== 'upheld') throw new TypeError('a complaint that was upheld is upheld');
    await this.penalties.takeFor(complaintId);
    const [complaint, standing] = await Promise.all([
      this.cases.forOperator(complaintId, state),
      this.views.of(state.complained.ownerId),
    ]);
    return replyTo(executed, { complaint, standing });
  }
}
