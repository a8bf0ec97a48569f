import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { quoted, Sql } from './sql';
import { sqlOf } from './sql-of';

/** How long a lease holds without renewal, in milliseconds; after a crash of the leader others wait that long. */
export const leaseMs = 10_000;
/** How much earlier the holder stops trusting it, because its clock and the database's may run at different speeds. */
const marginMs = 2_000;

/**
 * A lease in Postgres that one process holds at a time. The database's clock measures its age there, a monotonic clock
 * in the process, so that setting the process's clock does no harm. Each taking has a larger epoch than all before,
 * also after the table was lost, because an epoch is never below the milliseconds since 1970.
 */
export class Lease {
  private readonly table: string;
  private readonly holder = randomUUID();
  private readonly sql: Sql;
  private epochHeld: number | undefined;
  private surelyUntilMs = 0;

  constructor(
    dataSource: DataSource,
    private readonly service: string,
    private readonly name: string,
  ) {
    this.table = `${quoted(service)}.leases`;
    this.sql = sqlOf(dataSource);
  }

  /** Makes the table. Safe for many processes at once. */
  async prepare(): Promise<void> {
    // `create table if not exists` fails when two run at once: both insert into the catalogue.
    await this.sql.query(`do $$ begin
      perform pg_advisory_xact_lock(hashtextextended('leases:${quoted(this.service)}', 0));
      create table if not exists ${this.table}
        (name text primary key, epoch bigint not null, holder uuid not null, expires_at timestamptz not null);
    end $$`);
  }

  /** The epoch while this process certainly holds the lease, else undefined. */
  get epoch(): number | undefined {
    return performance.now() < this.surelyUntilMs ? this.epochHeld : undefined;
  }

  /** Takes the lease if nobody holds it; the epoch, or undefined. */
  async take(): Promise<number | undefined> {
    const askedMs = performance.now();
    // A lease that ends later than possible is left over from before the database's clock was set back.
    const { rows } = await this.sql.query(
      `insert into ${this.table} as l (name, epoch, holder, expires_at)
       values ($1, (extract(epoch from clock_timestamp()) * 1000)::bigint, $2, clock_timestamp() + $3 * interval '1 ms')
       on conflict (name) do update
         set epoch = greatest(l.epoch + 1, excluded.epoch), holder = excluded.holder, expires_at = excluded.expires_at
         where l.expires_at <= clock_timestamp() or l.expires_at > excluded.expires_at + interval '1 s'
       returning l.epoch`,
      [this.name, this.holder, leaseMs],
    );
    const row = (rows as { epoch: string }[])[0];
    this.epochHeld = row && Number(row.epoch);
    this.surelyUntilMs = row ? askedMs + leaseMs - marginMs : 0;
    return this.epochHeld;
  }

  /** Renews it; false when it is lost. */
  async renew(): Promise<boolean> {
    const askedMs = performance.now();
    const { rows } = await this.sql.query(
      `with renewed as (
         update ${this.table} set expires_at = clock_timestamp() + $4 * interval '1 ms'
          where name = $1 and holder = $2 and epoch = $3 and expires_at > clock_timestamp() returning 1)
       select count(*)::int as held from renewed`,
      [this.name, this.holder, this.epochHeld ?? 0, leaseMs],
    );
    const held = (rows as { held: number }[])[0]?.held === 1;
    this.surelyUntilMs = held ? askedMs + leaseMs - marginMs : 0;
    return held;
  }

  /** Releases it, so that another process can take it at once. */
  async release(): Promise<void> {
    if (this.epochHeld === undefined) return;
    this.surelyUntilMs = 0;
    await this.sql.query(
      `update ${this.table} set expires_at = clock_timestamp() where name = $1 and holder = $2 and epoch = $3`,
      [this.name, this.holder, this.epochHeld],
    );
    this.epochHeld = undefined;
  }
}
