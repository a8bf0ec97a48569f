import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { ComplaintCase, complaintsSubjects, listAppealsRequest, Page, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';

const byStatus: ListQuery = {
  select: `select complaint_id, appeal_place as place from complaints.complaints
           where appeal is not null and ($1::text is null or appeal = $1)`,
  id: 'complaint_id',
};

/** The appeals, newest first, each with its complaint and the push as evidence, for operators. The look is recorded. */
@Controller()
@Requires('operator')
export class ListAppealsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.listAppeals)
  async handle(
    @Input(listAppealsRequest) { status, ...asked }: z.infer<typeof listAppealsRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ComplaintCase>>> {
    const { items: rows, nextCursor } = await this.pages.read<{ complaint_id: string }>(byStatus, [status ?? null], {
      ...asked,
      position: request.position,
    });
    const ids = rows.map((row) => row.complaint_id);
    await this.looks.record(context, operatorId, ids);
    return { body: { items: await this.cases.manyForOperator(await this.complaints.made(ids)), nextCursor } };
  }
}
