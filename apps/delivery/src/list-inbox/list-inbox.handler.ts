import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import {
  decodePlace,
  deliverySubjects,
  InboxPage,
  limitDefault,
  listInboxRequest,
  pageOf,
  parse,
  Reply,
} from '@hark/contracts';
import { requestContextOf } from '@hark/nats';
import { ReadModel } from '@hark/readmodel';
import { requireUser } from '@hark/service';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';

/** A person's own messages, newest first, with what was sealed opened. */
@Controller()
export class ListInboxHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
    private readonly items: InboxItems,
  ) {}

  @MessagePattern(deliverySubjects.listInbox)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<InboxPage>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { limit = limitDefault, cursor, appId, unread } = parse(listInboxRequest, body);
    const [place, itemId] = decodePlace(cursor);
    await this.readModel.waitForPosition(request.position);
    const [rows, [{ count }]] = await Promise.all([
      this.database.query<InboxItemRow[]>(
        `${selectInboxItems}
         where person_id = $1 and filed_at is not null and ($2::uuid is null or app_id = $2)
           and ($3::boolean is null or (read_at is null) = $3)
           and ($4::bigint is null or (place, item_id) < ($4, $5::uuid))
         order by place desc, item_id desc limit $6`,
        [personId, appId ?? null, unread === undefined ? null : unread === 'true', place, itemId, limit + 1],
      ),
      this.database.query<[{ count: number }]>(
        `select count(*)::int as count from delivery.inbox
         where person_id = $1 and filed_at is not null and read_at is null`,
        [personId],
      ),
    ]);
    const { items, nextCursor } = pageOf(
      rows,
      limit,
      (row) => row,
      (row) => [String(row.place), row.item_id],
    );
    return { body: { items: await this.items.open(items), nextCursor, unread: count } };
  }
}
