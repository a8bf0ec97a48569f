import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor, limitDefault } from '@hark/contracts';
import { ReadModel } from '@hark/readmodel';

/** Which list: its text comes from our own code, never from a request. */
export interface ListQuery {
  /** `select … from … where …` whose `$1` is whose list it is. */
  readonly select: string;
  /** The columns that order it, newest first: a timestamptz and a uuid that breaks ties. */
  readonly at: string;
  readonly id: string;
}

/** What a client asks of a list. */
export interface PageAsked {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** The `Hark-Position` that the list must have seen. */
  readonly position?: string | undefined;
}

/** Pages of the read model, by keyset: what is added meanwhile neither shifts nor repeats anything. */
@Injectable()
export class Pages {
  constructor(
    private readonly database: DataSource,
    private readonly readModel: ReadModel,
  ) {}

  /** One page of `owner`'s list. Throws `readmodel.behind` when the position is not reached within 2 s. */
  async read<Row extends object>(
    { select, at, id }: ListQuery,
    owner: string,
    { limit = limitDefault, cursor, position }: PageAsked,
  ): Promise<{ rows: Row[]; nextCursor: string | null }> {
    const [atValue, idValue] = decodeCursor(cursor);
    await this.readModel.caughtUp(position);
    const keyset = atValue !== null ? `and (${at}, ${id}) < ($3::timestamptz, $4::uuid)` : '';
    const found: (Row & { page_at: Date; page_id: string })[] = await this.database.query(
      `select *, ${at} as page_at, ${id} as page_id from (${select}) listed
       where true ${keyset} order by ${at} desc, ${id} desc limit $2`,
      [owner, limit + 1, ...(atValue !== null ? [atValue, idValue] : [])],
    );
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const more = found.length > limit && last;
    return { rows, nextCursor: more ? encodeCursor([last.page_at.toISOString(), last.page_id]) : null };
  }
}
