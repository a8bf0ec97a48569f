import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, InboxPage, listInboxRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';

const inbox = {
  select: `${selectInboxItems}
    where person_id = $1 and filed_at is not null and ($2::uuid is null or app_id = $2)
      and ($3::boolean is null or (read_at is null) = $3) and (archived_at is not null) = $4`,
  id: 'item_id',
};

/** A person's own messages, newest first, with their texts decrypted. */
@Controller()
@Requires('user')
export class ListInboxHandler {
  constructor(
    private readonly database: DataSource,
    private readonly pages: Pages,
    private readonly items: InboxItems,
  ) {}

  @MessagePattern(deliverySubjects.listInbox)
  async handle(
    @Input(listInboxRequest) { appId, unread, archived, ...asked }: z.infer<typeof listInboxRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<InboxPage>> {
    const unreadOnly = unread === undefined ? null : unread === 'true';
    const { items, nextCursor } = await this.pages.read<InboxItemRow>(
      inbox,
      [personId, appId ?? null, unreadOnly, archived === 'true'],
      {
        ...asked,
        position: request.position,
      },
    );
    const [{ count }] = await this.database.query<[{ count: number }]>(
      `select count(*)::int as count from delivery.inbox
       where person_id = $1 and filed_at is not null and read_at is null and archived_at is null`,
      [personId],
    );
    return { body: { items: await this.items.open(personId, items), nextCursor, unread: count } };
  }
}
