import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, InboxPage, listInboxRequest, Page, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages, Queries, ReadModel } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { filterSql } from '../inbox-filter.read-model';
import { InboxItemRow, InboxItems, selectInboxItems } from '../inbox-items.read-model';
import { ThreadStates } from '../thread-states.service';
import { Threads } from '../threads.service';
import { selectFolded } from './folded-inbox';
import { InboxSearch } from './inbox-search';

/**
 * A person's own messages, newest first, with their texts decrypted; also one for each thread, or those with some words in
 * them. Where a thread stands is read in the same moment as the messages that stand for it.
 */
@Controller()
@Requires('user')
export class ListInboxHandler {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
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
    // Before, not while it has a connection.
    await this.readModel.waitForPosition(request.position);
    const rowsIn = (database: Queries): Promise<Page<InboxItemRow>> =>
      q === undefined
        ? this.pages.read(list, filter.values, page, database)
        : this.search.find(q, list, filter.values, page, database);
    const read = async (database: Queries) => {
      const { items: rows, nextCursor } = await rowsIn(database);
      const threads = isFolded ? await this.states.read(personId, rows, database) : undefined;
      return { rows, nextCursor, threads, unread: await unreadOf(personId, database) };
    };
    const inOneMoment = () => (isFolded ? this.database.transaction('REPEATABLE READ', read) : read(this.database));
    const {
      rows,
      nextCursor,
      threads,
      unread: count,
    } = await (q === undefined ? inOneMoment() : this.search.inTurn(personId, inOneMoment));
    const [views, states] = await Promise.all([
      this.items.open(personId, rows),
      threads ? this.states.open(rows, threads) : [],
    ]);
    const items = views.map((view, index) => ({ ...view, ...(states[index] && { threadState: states[index] }) }));
    return { body: { items, nextCursor, unread: count } };
  }
}

async function unreadOf(personId: string, database: Queries): Promise<number> {
  const { where, values } = filterSql({ personId, unread: true, archived: false });
  const [{ count }] = await database.query<[{ count: number }]>(
    `select count(*)::int as count from delivery.inbox where ${where('inbox')}`,
    [...values],
  );
  return count;
}

const isYes = (asked: 'true' | 'false' | undefined): boolean | undefined =>
  asked === undefined ? undefined : asked === 'true';
