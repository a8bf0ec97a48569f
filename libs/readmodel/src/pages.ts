import { DataSource } from 'typeorm';
import { decodePlace, encodeCursor, limitDefault, ListOrder, Page } from '@hark/contracts';
import { ReadModel } from './read-model';

/** Which list. The text must come from our own code, never from a request: it becomes SQL. */
export interface ListQuery {
  /** `select … from … where …` with parameters from `$1` on and a column `place`, which orders the list. */
  readonly select: string;
  /** The column with the id of an item. */
  readonly id: string;
}

/** Where queries are asked: the service's database, or a transaction in it. */
export type Queries = Pick<DataSource, 'query'>;

/** What a client asks of a list. */
export interface PageAsked {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** The `Hark-Position` that the list must have seen. */
  readonly position?: string | undefined;
}

/** What a client asks of a queue, which also goes from the oldest on. */
export interface QueuePageAsked extends PageAsked {
  /** Without it: the newest first. */
  readonly order?: ListOrder | undefined;
}

/**
 * Pages of the read model in the log's order, by keyset: rows added meanwhile neither shift nor repeat items, and a
 * clock that is set back cannot reorder them.
 */
export class Pages {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  /**
   * One page of the rows that `select` has with these `values`. Throws `request.invalid` for a cursor that no list returned,
   * `readmodel.behind` when the position is not reached within 2 s. `database`: a transaction, for what else is read in the
   * same moment.
   */
  async read<Row extends object>(
    { select, id }: ListQuery,
    values: readonly unknown[],
    { limit = limitDefault, cursor, position, order = 'newest' }: QueuePageAsked,
    database: Queries = this.database,
  ): Promise<Page<Row>> {
    const { page, parameters } = pageSql({ select, id }, values, { limit, cursor, order });
    await this.readModel.waitForPosition(position);
    return pageOf<Row>(await database.query(page, parameters), limit);
  }

  /** The same, and the one row that `beside` selects with these `values`: both as they are at one moment. */
  async readBeside<Row extends object, Beside extends object>(
    { select, id }: ListQuery,
    beside: string,
    values: readonly unknown[],
    { limit = limitDefault, cursor, position }: PageAsked,
    database: Queries = this.database,
  ): Promise<Page<Row> & { readonly beside: Beside }> {
    const { page, parameters } = pageSql({ select, id }, values, { limit, cursor, order: 'newest' });
    await this.readModel.waitForPosition(position);
    // One row also where the page is empty.
    const rows: (Found<Row> & { beside: Beside })[] = await database.query(
      `select page.*, to_json(beside) as beside from (${beside}) beside left join (${page}) page on true
        order by page.place desc, page.page_id desc`,
      parameters,
    );
    const found = rows.filter(({ page_id }) => page_id !== null);
    return { ...pageOf<Row>(found, limit), beside: rows[0]!.beside };
  }
}

type Found<Row> = Row & { readonly place: string; readonly page_id: string };

/** One row more than the page has, which tells whether another page follows. */
function pageSql(
  { select, id }: ListQuery,
  values: readonly unknown[],
  { limit, cursor, order }: { limit: number; cursor: string | undefined; order: ListOrder },
): { readonly page: string; readonly parameters: unknown[] } {
  const [place, lastId] = decodePlace(cursor);
  const n = values.length;
  const [beyond, direction] = order === 'oldest' ? ['>', 'asc'] : ['<', 'desc'];
  const keyset = place !== null ? `where (place, ${id}) ${beyond} ($${n + 2}::bigint, $${n + 3}::uuid)` : '';
  return {
    page: `select *, ${id} as page_id from (${select}) listed ${keyset} order by place ${direction}, ${id} ${direction} limit $${n + 1}`,
    parameters: [...values, limit + 1, ...(place !== null ? [place, lastId] : [])],
  };
}

function pageOf<Row extends object>(found: readonly Found<Row>[], limit: number): Page<Row> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last;
  return { items, nextCursor: more ? encodeCursor([String(last.place), last.page_id]) : null };
}
