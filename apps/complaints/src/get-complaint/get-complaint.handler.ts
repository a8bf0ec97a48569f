import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ComplaintCase, complaintIdRequest, complaintsSubjects, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';

/** One complaint with the push as evidence, for an operator. Read from its stream, so it is never behind. The look is recorded. */
@Controller()
@Requires('operator')
export class GetComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.getComplaint)
  async handle(
    @Input(complaintIdRequest, { complaintId: 'complaint.unknown' })
    { complaintId }: z.infer<typeof complaintIdRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ComplaintCase>> {
    const { state } = await this.complaints.load(complaintId);
    if (state.is === 'absent') throw new HarkError('not-found', 'complaint.unknown', 'there is no such complaint');
    await this.looks.record(context, operatorId, [complaintId]);
    return { body: await this.cases.forOperator(complaintId, state) };
  }
}
