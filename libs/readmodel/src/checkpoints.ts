import { DatabaseError } from 'pg';
import { literal, quoted, Sql } from './sql';

/** The position before the log's first event. */
export const atStart = -1n;

/** Where a projection is. */
export interface Checkpoint {
  /** Of the last event that its table holds. */
  readonly position: bigint;
  /** How often the table was replaced by a rebuilt one. */
  readonly rebuilds: number;
}

/** How far each projection is. */
export class Checkpoints {
  private readonly table: string;

  constructor(private readonly service: string) {
    this.table = `${quoted(service)}.readmodel_checkpoints`;
  }

  /** Makes the table and a row for each projection. Safe for many processes at once. */
  async prepare(sql: Sql, names: readonly string[]): Promise<void> {
    await sql.query('select pg_advisory_lock(hashtextextended($1, 0))', [`readmodel-prepare:${this.service}`]);
    try {
      await sql.query(`create schema if not exists ${quoted(this.service)}`);
      await sql.query(
        `create table if not exists ${this.table} (projection text primary key, position bigint not null)`,
      );
      await sql.query(`alter table ${this.table} add column if not exists rebuilds int not null default 0`);
      await sql.query(`insert into ${this.table} select unnest($1::text[]), $2 on conflict do nothing`, [
        names,
        atStart.toString(),
      ]);
    } finally {
      await sql.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`readmodel-prepare:${this.service}`]);
    }
  }

  /** Where the projections are; with `lock` nobody can advance them before the transaction ends. */
  async read(sql: Sql, names: readonly string[], lock = false): Promise<Map<string, Checkpoint>> {
    const { rows } = await sql.query(
      `select projection, position, rebuilds from ${this.table} where projection = any($1) order by projection` +
        (lock ? ' for update' : ''),
      [names],
    );
    return new Map(
      (rows as Line[]).map(({ projection, position, rebuilds }) => [
        projection,
        { position: BigInt(position), rebuilds },
      ]),
    );
  }

  /**
   * The statement that moves projections from where the caller expects them to `to`. It fails, and the transaction with it
   * (`isMoved`), when one is elsewhere: another process writes, the database came back from a crash a little older, or the
   * table was rebuilt, so that what the caller remembers of its rows may be wrong. It must be the transaction's first
   * statement: waiting here, and not for the table, keeps clear of a rebuild that swaps the tables.
   */
  advance(from: ReadonlyMap<string, Checkpoint>, to: bigint): string {
    const expected = [...from].map(
      ([name, { position, rebuilds }]) => `(${literal(name)}, ${position}::bigint, ${rebuilds})`,
    );
    // SQL has no other way to fail than an impossible sum.
    return `with moved as (
        update ${this.table} c set position = ${to} from (values ${expected.join(', ')}) o(projection, position, rebuilds)
         where c.projection = o.projection and c.position = o.position and c.rebuilds = o.rebuilds returning 1)
      select 1 / (count(*) = ${from.size})::int from moved`;
  }

  /** Says that the tables of the projections were replaced. Inside the transaction that does it. */
  async rebuilt(sql: Sql, names: readonly string[]): Promise<void> {
    await sql.query(`update ${this.table} set rebuilds = rebuilds + 1 where projection = any($1)`, [names]);
  }
}

/** Whether this is how the statement of `advance` fails. */
export const isMoved = (error: unknown): boolean => error instanceof DatabaseError && error.code === divisionByZero;

const divisionByZero = '22012';

interface Line {
  readonly projection: string;
  readonly position: string;
  readonly rebuilds: number;
}
