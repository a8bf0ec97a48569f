import {
  Answer,
  complaintsSubjects,
  ComplaintView,
  decodePlace,
  limitDefault,
  listQueueRequest,
  Page,
  pageOf,
  pageRequest,
  parse,
} from '@hark/contracts';
import { RequestContext, requestContextOf } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { operatorOf, personOf } from '@hark/service';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { ComplaintRow } from './complaint-rows.projection';

/** A complaint in the operators' queue: whose app, never who complained. */
export type QueuedComplaint = ComplaintView & { readonly appId: string };

/** Lists of complaints, newest first: a person's own, and the operators' queue. */
@Controller()
export class ListComplaintsHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  @MessagePattern(complaintsSubjects.listMine)
  async mine(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<Page<ComplaintView>>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const { limit, cursor } = parse(pageRequest, body);
    return { body: await this.page(request, { person_id: personId }, limit, cursor, viewOfRow) };
  }

  @MessagePattern(complaintsSubjects.listQueue)
  async queue(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<Page<QueuedComplaint>>> {
    const request = requestContextOf(context);
    operatorOf(request);
    const { limit, cursor, status } = parse(listQueueRequest, body);
    const item = (row: ComplaintRow) => ({ ...viewOfRow(row), appId: row.app_id });
    return { body: await this.page(request, { status }, limit, cursor, item) };
  }

  private async page<Item>(
    request: RequestContext,
    where: { person_id?: string; status?: string | undefined },
    limit = limitDefault,
    cursor: string | undefined,
    item: (row: ComplaintRow) => Item,
  ): Promise<Page<Item>> {
    const [place, id] = decodePlace(cursor);
    await this.readModel.caughtUp(request.position);
    const rows = await this.database.query<ComplaintRow[]>(
      `select * from complaints.complaints
       where ($1::uuid is null or person_id = $1) and ($2::text is null or status = $2)
         and ($3::bigint is null or (place, complaint_id) < ($3, $4::uuid))
       order by place desc, complaint_id desc limit $5`,
      [where.person_id ?? null, where.status ?? null, place, id, limit + 1],
    );
    return pageOf(rows, limit, item, (row) => [String(row.place), row.complaint_id]);
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
