import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodePlace, encodeCursor, limitDefault } from '@hark/contracts';
import { ReadModel } from '@hark/readmodel';

/** Which list: its text comes from our own code, never from a request. */
export interface ListQuery {
  /** `select … from … where …` whose `$1` is whose list it is; with a column `place`, which orders it, newest first. */
  readonly select: string;
  /** The column with the id of an item. */
  readonly id: string;
}

/** What a client asks of a list. */
export interface PageAsked {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** The `Hark-Position` that the list must have seen. */
  readonly position?: string | undefined;
}

/**
 * Pages of the read model in the log's order, by keyset: what is added meanwhile neither shifts nor repeats anything, and
 * no clock that is set back reorders them.
 */
@Injectable()
export class Pages {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  /** One page of `owner`'s list. Throws `readmodel.behind` when the position is not reached within 2 s. */
  async read<Row extends object>(
    { select, id }: ListQuery,
    owner: string,
    { limit = limitDefault, cursor, position }: PageAsked,
  ): Promise<{ rows: Row[]; nextCursor: string | null }> {
    const [place, idValue] = decodePlace(cursor);
    await this.readModel.waitForPosition(position);
    const keyset = place !== null ? `and (place, ${id}) < ($3::bigint, $4::uuid)` : '';
    const found: (Row & { place: string; page_id: string })[] = await this.database.query(
      `select *, ${id} as page_id from (${select}) listed
       where true ${keyset} order by place desc, ${id} desc limit $2`,
      [owner, limit + 1, ...(place !== null ? [place, idValue] : [])],
    );
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const more = found.length > limit && last;
    return { rows, nextCursor: more ? encodeCursor([String(last.place), last.page_id]) : null };
  }
}
