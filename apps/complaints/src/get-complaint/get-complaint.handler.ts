import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { ComplaintCase, complaintIdRequest, complaintsSubjects, Reply } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { parseWithId, requireOperator } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';

/** One complaint with the push as evidence, for an operator. Read from its stream, so it is never behind. The look is recorded. */
@Controller()
export class GetComplaintHandler {
  constructor(
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.getComplaint)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<ComplaintCase>> {
    const request = requestContextOf(context);
    const operatorId = requireOperator(request);
    const { complaintId } = parseWithId(complaintIdRequest, body, 'complaintId', 'complaint.unknown');
    const { state } = await this.complaints.load(complaintId);
    if (state.is === 'absent') throw new HarkError('not-found', 'complaint.unknown', 'there is no such complaint');
    await this.looks.record(request, operatorId, [complaintId]);
    return { body: await this.cases.forOperator(complaintId, state) };
  }
}
