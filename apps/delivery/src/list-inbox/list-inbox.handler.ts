import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, InboxPage, listInboxRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { filterSql } from '../inbox-filter.read-model';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';
import { ThreadStates } from '../thread-states.service';
import { Threads } from '../threads.service';
import { selectFolded } from './folded-inbox';
import { InboxSearch } from './inbox-search';

/** A person's own messages, newest first, with their texts decrypted; also one for each thread, or those with some words in them. */
@Controller()
@Requires('user')
export class ListInboxHandler {
  constructor(
    private readonly database: DataSource,
    private readonly pages: Pages,
    private readonly items: InboxItems,
    private readonly threads: Threads,
    private readonly states: ThreadStates,
    private readonly search: InboxSearch,
  ) {}

  @MessagePattern(deliverySubjects.listInbox)
  async handle(
    @Input(listInboxRequest)
    { appId, unread, archived, kept, thread, q, folded, ...page }: z.infer<typeof listInboxRequest>,
    @UserId() personId: string,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<InboxPage>> {
    const filter = filterSql({
      personId,
      appId,
      threadId: thread === undefined ? undefined : this.threads.idOf(personId, thread),
      unread: isYes(unread),
      // A search is for what one remembers, wherever it is.
      archived: isYes(archived) ?? (q === undefined ? false : undefined),
      kept: isYes(kept),
    });
    const isFolded = isYes(folded) === true;
    const select = isFolded ? selectFolded(filter) : `${selectInboxItems} where ${filter.where('inbox')}`;
    const list = { select, id: 'item_id' };
    const asked = { ...page, position: request.position };
    const { items: rows, nextCursor } =
      q === undefined
        ? await this.pages.read<InboxItemRow>(list, filter.values, asked)
        : await this.search.find(personId, q, list, filter.values, asked);
    const [views, states, [{ count }]] = await Promise.all([
      this.items.open(personId, rows),
      isFolded ? this.states.of(personId, rows) : [],
      this.database.query<[{ count: number }]>(
        `select count(*)::int as count from delivery.inbox where ${filterSql({ personId, unread: true, archived: false }).where('inbox')}`,
        [personId],
      ),
    ]);
    const items = views.map((view, index) => ({ ...view, ...(states[index] && { threadState: states[index] }) }));
    return { body: { items, nextCursor, unread: count } };
  }
}

const isYes = (asked: 'true' | 'false' | undefined): boolean | undefined =>
  asked === undefined ? undefined : asked === 'true';
