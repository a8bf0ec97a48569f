import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliverySubjects, InboxPage, listInboxRequest, Reply } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Pages, Queries, ReadModel } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { filterSql } from '../inbox-filter.read-model';
import { InboxItems, selectInboxItems } from '../inbox-items.read-model';
import { ThreadStates } from '../thread-states.service';
import { Threads } from '../threads.service';
import { selectFolded } from './folded-inbox';
import { Found, InboxSearch } from './inbox-search';

/**
 * A person's own messages, newest first, with their texts decrypted; also one for each thread, or those with some words in
 * them. How many are unread, and where threads stand, is read in the same moment as the messages.
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
    const rowsIn = (database: Queries): Promise<Found> =>
      q === undefined
        ? this.pages.readBeside(list, countUnread, filter.values, page, database)
        : this.search.find(q, { ...list, beside: countUnread }, filter.values, page, database);
    const read = async (database: Queries) => {
      const { items: rows, nextCursor, beside } = await rowsIn(database);
      const threads = isFolded ? await this.states.read(personId, rows, database) : undefined;
      return { rows, nextCursor, threads, unread: beside.unread };
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

/** Of the person whom `$1` names, whatever else was asked for. */
const countUnread = `select count(*)::int as unread from delivery.inbox
  where ${filterSql({ personId: '', unread: true, archived: false }).where('inbox')}`;

const isYes = (asked: 'true' | 'false' | undefined): boolean | undefined =>
  asked === undefined ? undefined : asked === 'true';
