import { quoted, Sql } from './sql';

/** The position before the log's first event. */
export const atStart = -1n;

/** How far each projection is: the position of the last event that its table holds. */
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
      await sql.query(`insert into ${this.table} select unnest($1::text[]), $2 on conflict do nothing`, [
        names,
        atStart.toString(),
      ]);
    } finally {
      await sql.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`readmodel-prepare:${this.service}`]);
    }
  }

  /** The positions of the projections; with `lock` nobody can advance them before the transaction ends. */
  async read(sql: Sql, names: readonly string[], lock = false): Promise<Map<string, bigint>> {
    const { rows } = await sql.query(
      `select projection, position from ${this.table} where projection = any($1) order by projection` +
        (lock ? ' for update' : ''),
      [names],
    );
    return new Map((rows as Line[]).map(({ projection, position }) => [projection, BigInt(position)]));
  }

  /**
   * Moves projections from the position that the caller expects to `to`. Throws when one is elsewhere: another process
   * writes, or the database came back from a crash a little older, and the batch must be rolled back.
   */
  async advance(sql: Sql, from: ReadonlyMap<string, bigint>, to: bigint): Promise<void> {
    const { rowCount } = await sql.query(
      `update ${this.table} c set position = $3 from unnest($1::text[], $2::bigint[]) as o(projection, position)
        where c.projection = o.projection and c.position = o.position`,
      [[...from.keys()], [...from.values()].map(String), to.toString()],
    );
    if (rowCount !== from.size) throw new Error('the checkpoint is not where this process left it');
  }
}

interface Line {
  readonly projection: string;
  readonly position: string;
}
