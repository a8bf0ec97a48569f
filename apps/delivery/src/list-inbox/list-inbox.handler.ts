import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { deliverySubjects, InboxPage, listInboxRequest, parse, Reply } from '@hark/contracts';
import { requestContextOf } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { requireUser } from '@hark/service';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';

const inbox = {
  select: `${selectInboxItems}
    where person_id = $1 and filed_at is not null and ($2::uuid is null or app_id = $2)
      and ($3::boolean is null or (read_at is null) = $3)`,
  id: 'item_id',
};

/** A person's own messages, newest first, with their texts decrypted. */
@Controller()
export class ListInboxHandler {
  constructor(
    private readonly database: DataSource,
    private readonly pages: Pages,
    private readonly items: InboxItems,
  ) {}

  @MessagePattern(deliverySubjects.listInbox)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<InboxPage>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { appId, unread, ...asked } = parse(listInboxRequest, body);
    const unreadOnly = unread === undefined ? null : unread === 'true';
    const { items, nextCursor } = await this.pages.read<InboxItemRow>(inbox, [personId, appId ?? null, unreadOnly], {
      ...asked,
      position: request.position,
    });
    const [{ count }] = await this.database.query<[{ count: number }]>(
      `select count(*)::int as count from delivery.inbox
       where person_id = $1 and filed_at is not null and read_at is null`,
      [personId],
    );
    return { body: { items: await this.items.open(items), nextCursor, unread: count } };
  }
}
