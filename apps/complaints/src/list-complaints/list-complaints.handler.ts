import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  ComplaintCase,
  complaintsSubjects,
  ComplaintView,
  decodePlace,
  limitDefault,
  listQueueRequest,
  Page,
  pageOf,
  pageRequest,
  Reply,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext, RequestContext } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { ComplaintStore } from '../complaint.store';
import { ComplaintCases } from '../complaint-cases.service';
import { ComplaintLooks } from '../complaint-looks.store';
import { ComplaintRow } from './complaint-rows.projection';

/** Lists of complaints, newest first: a person's own, and the operators' queue, where each look is recorded. */
@Controller()
export class ListComplaintsHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly complaints: ComplaintStore,
    private readonly cases: ComplaintCases,
    private readonly looks: ComplaintLooks,
  ) {}

  @Requires('user')
  @MessagePattern(complaintsSubjects.listMine)
  async mine(
    @Input(pageRequest) { limit, cursor }: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ComplaintView>>> {
    const { items, nextCursor } = await this.page(request, { person_id: personId }, limit, cursor);
    return { body: { items: items.map(viewOfRow), nextCursor } };
  }

  @Requires('operator')
  @MessagePattern(complaintsSubjects.listQueue)
  async queue(
    @Input(listQueueRequest) { limit, cursor, status }: z.infer<typeof listQueueRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<Page<ComplaintCase>>> {
    const { items: rows, nextCursor } = await this.page(request, { status }, limit, cursor);
    const ids = rows.map((row) => row.complaint_id);
    await this.looks.record(context, operatorId, ids);
    const loaded = await Promise.all(ids.map((id) => this.complaints.load(id)));
    const known = loaded.flatMap(({ state }, index) => (state.is === 'absent' ? [] : [[ids[index]!, state] as const]));
    return { body: { items: await this.cases.manyForOperator(known), nextCursor } };
  }

  private async page(
    request: RequestContext,
    where: { person_id?: string; status?: string | undefined },
    limit = limitDefault,
    cursor: string | undefined,
  ): Promise<Page<ComplaintRow>> {
    const [place, id] = decodePlace(cursor);
    await this.readModel.waitForPosition(request.position);
    const rows = await this.database.query<ComplaintRow[]>(
      `select * from complaints.complaints
       where ($1::uuid is null or person_id = $1) and ($2::text is null or status = $2)
         and ($3::bigint is null or (place, complaint_id) < ($3, $4::uuid))
       order by place desc, complaint_id desc limit $5`,
      [where.person_id ?? null, where.status ?? null, place, id, limit + 1],
    );
    return pageOf(
      rows,
      limit,
      (row) => row,
      (row) => [String(row.place), row.complaint_id],
    );
  }
}

const viewOfRow = (row: ComplaintRow): ComplaintView => ({
  id: row.complaint_id,
  status: row.status,
  inboxItemId: row.push_id,
  reason: row.reason,
  complainedAt: row.complained_at,
  ...(row.decided_at !== null && { decidedAt: row.decided_at }),
  ...(row.severity !== null && { severity: row.severity }),
});
