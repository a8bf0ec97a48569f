import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  ComplaintCase,
  complaintsSubjects,
  ComplaintView,
  listQueueRequest,
  Page,
  pageRequest,
  Reply,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { ListQuery, Pages } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';

const own: ListQuery = { select: 'select * from complaints.complaints where person_id = $1', id: 'complaint_id' };
const byStatus: ListQuery = {
  select: 'select * from complaints.complaints where $1::text is null or status = $1',
  id: 'complaint_id',
};

/** Lists of complaints, newest first: a person's own, with their words, and the operators' queue, in the order that is asked for, where each look is recorded. */
@Controller()
export class ListComplaintsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
  ) {}

  @Requires('user')
  @MessagePattern(complaintsSubjects.listMine)
  async mine(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ComplaintView>>> {
    const { items: rows, nextCursor } = await this.pages.read<{ complaint_id: string }>(own, [personId], {
      ...asked,
      position: request.position,
    });
    const made = await this.complaints.made(rows.map((row) => row.complaint_id));
    return { body: { items: await this.cases.manyForPerson(made), nextCursor } };
  }

  @Requires('operator')
  @MessagePattern(complaintsSubjects.listQueue)
  async queue(
    @Input(listQueueRequest) { status, ...asked }: z.infer<typeof listQueueRequest>,
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
