import { Injectable } from '@nestjs/common';
import { aadOf, encodeCursor, limitDefault, Page, PushContent } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { ListQuery, PageAsked, Pages, Queries } from '@hark/readmodel';
import { KeyedQueue } from '@hark/resilience';
import { Vault } from '@hark/vault';
import { InboxItemRow, InboxItems } from '../inbox-items.read-model';
import { isFound, termsOf } from './search-terms';

/** How many messages one call looks through. The answer says where to go on. */
export const lookedThroughMax = 10_000;
/** How many are read and decrypted in one go, some milliseconds of work; in between, everything else has its turn. */
const chunkRows = 250;
/** So many searches run at a time in one process, because they compete with deliveries; one for each person. */
const searchesMax = 2;
const waitingMax = 32;
const waitMs = 2_000;

/** A page of messages, and how many are unread. */
export type Found = Page<InboxItemRow> & { readonly beside: { readonly unread: number } };

/**
 * Finds messages by their words. Texts are stored sealed and nothing about their words is stored beside them, so it opens
 * them one after the other, the newest first (`docs/adr/0056-the-inbox-is-searched-without-an-index.md`).
 */
@Injectable()
export class InboxSearch {
  private readonly turns = new KeyedQueue({ activeMax: searchesMax, waitingMax, refusal: busy });
  private readonly persons = new KeyedQueue({ waitingMax: 4, refusal: busy });

  constructor(
    private readonly pages: Pages,
    private readonly vault: Vault,
    private readonly items: InboxItems,
  ) {}

  /** Does `work`, in which the person searches, when it has its turn. Throws `service.overloaded` when that does not come in time. */
  inTurn<T>(personId: string, work: () => Promise<T>): Promise<T> {
    return this.persons.run(personId, () => this.turns.run('', work, waitMs), waitMs);
  }

  /**
   * A page of the person's rows of `list` whose texts hold every term of `q`; only in its turn. What stands beside it is of the
   * moment in which the search begins.
   */
  async find(
    q: string,
    { beside: select, ...list }: ListQuery & { readonly beside: string },
    values: readonly unknown[],
    { limit = limitDefault, cursor, position }: PageAsked,
    database: Queries,
  ): Promise<Found> {
    const terms = termsOf(q);
    const found: InboxItemRow[] = [];
    let beside: Found['beside'] | undefined;
    let from: { readonly cursor?: string | undefined; readonly position?: string | undefined } = { cursor, position };
    for (let looked = 0; ; looked += chunkRows) {
      const asked = { ...from, limit: chunkRows };
      const read = await this.pages.readBeside<InboxItemRow, Found['beside']>(list, select, values, asked, database);
      const { items, nextCursor } = read;
      beside ??= read.beside;
      for (const row of await this.matching(terms, items)) {
        if (found.length === limit) return { items: found, nextCursor: cursorAfter(found.at(-1)!), beside };
        found.push(row);
      }
      if (nextCursor === null || looked + chunkRows >= lookedThroughMax) return { items: found, nextCursor, beside };
      from = { cursor: nextCursor };
    }
  }

  private async matching(terms: readonly string[], rows: readonly InboxItemRow[]): Promise<InboxItemRow[]> {
    const texts = await this.vault.openMany(
      rows.map(({ item_id, content }) => ({ sealed: content, aad: aadOf.content(item_id) })),
    );
    const nameOf = await this.items.appNames(rows);
    return rows.filter((row, index) => {
      const text = texts[index];
      return text !== undefined && isFound(terms, JSON.parse(text) as PushContent, nameOf(row) ?? '');
    });
  }
}

const cursorAfter = ({ place, item_id }: InboxItemRow): string => encodeCursor([String(place), item_id]);

function busy(): HarkError {
  return new HarkError('unavailable', 'service.overloaded', 'too many search at once', { extra: { retryAfter: 1 } });
}
