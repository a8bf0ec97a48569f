import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, dismissRequest, Reply, UpholdReply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';

/** An operator dismisses a complaint: the first decision wins, and nobody loses points. */
@Controller()
@Requires('operator')
export class DismissComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.dismiss)
  async handle(
    @Input(dismissRequest, { complaintId: 'complaint.unknown' }) { complaintId, note }: z.infer<typeof dismissRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<UpholdReply>> {
    const executed = await this.complaints.execute(
      complaintId,
      {
        type: 'Dismiss',
        decisionId: context.commandId,
        operatorId,
        ...(note !== undefined && { note }),
        at: this.clock.now(),
      },
      context,
    );
    const { state } = executed;
    if (state.is === 'absent') throw new TypeError('a complaint that was dismissed is there');
    return replyTo(executed, { complaint: await this.cases.forOperator(complaintId, state) });
  }
}
