import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { IsoTime } from '@hark/kernel';
import { quoted, Sql } from './sql';
import { sqlOf } from './sql-of';

/** How long a replica counts after it told its time last, in milliseconds; it tells it at least every 2.5 s. */
const seenMs = 10_000;
/** Clocks that differ by less are taken for one: what they tell is on its way for some time. In milliseconds. */
const toleratedMs = 1_000;

/**
 * What the clocks of a service's replicas say, each told as how far it is ahead of the database's, so that they can be
 * compared. Whoever fires goes by the one that is furthest behind.
 */
export class ReplicaClocks {
  private readonly table: string;
  private readonly replica = randomUUID();
  private readonly sql: Sql;

  constructor(
    dataSource: DataSource,
    private readonly service: string,
    private readonly schedule: string,
  ) {
    this.table = `${quoted(service)}.clocks`;
    this.sql = sqlOf(dataSource);
  }

  /** Makes the table. Safe for many processes at once. */
  async prepare(): Promise<void> {
    await this.sql.query(`do $$ begin
      perform pg_advisory_xact_lock(hashtextextended('clocks:${quoted(this.service)}', 0));
      create table if not exists ${this.table}
        (schedule text, replica uuid, ahead_ms bigint not null, seen_at timestamptz not null,
         primary key (schedule, replica));
    end $$`);
  }

  /** Tells this replica's time; how far it is ahead of the slowest other one, in milliseconds, or 0. */
  async compare(now: IsoTime): Promise<number> {
    const { rows } = await this.sql.query(
      `with mine as (
         insert into ${this.table} (schedule, replica, ahead_ms, seen_at)
         values ($1, $2, extract(epoch from $3::timestamptz - clock_timestamp()) * 1000, clock_timestamp())
         on conflict (schedule, replica) do update set ahead_ms = excluded.ahead_ms, seen_at = excluded.seen_at
         returning ahead_ms),
       gone as (delete from ${this.table}
         where schedule = $1 and replica <> $2 and abs(extract(epoch from clock_timestamp() - seen_at)) * 1000 > $4)
       select (select ahead_ms from mine)::float8 - min(ahead_ms)::float8 as ahead from ${this.table}
        where schedule = $1 and replica <> $2 and abs(extract(epoch from clock_timestamp() - seen_at)) * 1000 <= $4`,
      [this.schedule, this.replica, now, seenMs],
    );
    const ahead = (rows as { ahead: number | null }[])[0]?.ahead ?? 0;
    return ahead > toleratedMs ? ahead : 0;
  }

  /** This replica counts no longer. */
  async leave(): Promise<void> {
    await this.sql.query(`delete from ${this.table} where schedule = $1 and replica = $2`, [
      this.schedule,
      this.replica,
    ]);
  }
}
