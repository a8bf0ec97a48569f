import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { EventStore } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { CatchUpSubscription } from './catch-up-subscription';
import { atStart, Checkpoints } from './checkpoints';
import { knownTypes } from './pipeline';
import { AnyProjection } from './projection';
import { replaceTable } from './replace-table';
import { quoted, Sql } from './sql';
import { TableWriter } from './table-writer';

/** The result for each table. */
export interface RebuildReport {
  readonly tables: readonly {
    readonly projection: string;
    readonly table: string;
    /** Of the rebuilt table. */
    readonly rows: number;
    /** Whether the live table held exactly what the log says. The rebuilt one replaces it either way. */
    readonly equal: boolean;
    readonly liveHash: string;
    readonly rebuiltHash: string;
  }[];
}

const suffix = '__rebuild';
const batchEventsMax = 2_000;
const swapTimeout = '10min';

/** One rebuild of all tables of a service. */
export class Rebuild {
  constructor(
    private readonly parts: {
      store: EventStore;
      dataSource: DataSource;
      service: string;
      projections: readonly AnyProjection[];
    },
    private readonly checkpoints: Checkpoints,
  ) {}

  async run(): Promise<RebuildReport> {
    const runner = this.parts.dataSource.createQueryRunner();
    const sql = (await runner.connect()) as PoolClient;
    try {
      await sql.query(`set statement_timeout = '${swapTimeout}'`);
      const lock = `rebuild:${this.parts.service}`;
      const { rows } = await sql.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as won', [lock]);
      if (!(rows as { won: boolean }[])[0]?.won) {
        throw new HarkError('conflict', 'readmodel.rebuilding', 'a rebuild is running already');
      }
      return await this.build(sql);
    } finally {
      await sql.query('discard all').catch(() => undefined);
      await runner.release();
    }
  }

  private async build(sql: Sql): Promise<RebuildReport> {
    const { projections } = this.parts;
    const names = projections.map(({ name }) => name);
    try {
      const writers: TableWriter[] = [];
      for (const projection of projections) {
        const beside = quoted(projection.table + suffix);
        await sql.query(`drop table if exists ${beside}`);
        await sql.query(`create table ${beside} (like ${quoted(projection.table)} including all)`);
        writers.push(await TableWriter.of(sql, projection, projection.table + suffix));
      }
      // The long part: catches up beside the live tables without a lock. The events after that are read under lock.
      const first = await this.checkpoints.read(sql, names);
      await this.replay(sql, writers, new Map(names.map((name) => [name, atStart])), first);
      await sql.query('begin');
      const target = await this.checkpoints.read(sql, names, true);
      await this.replay(sql, writers, first, target);
      const tables = [];
      for (const { projection } of writers) tables.push(await this.compare(sql, projection));
      for (const { table } of projections) await replaceTable(sql, table, table + suffix);
      await sql.query('commit');
      return { tables };
    } catch (error) {
      await sql.query('rollback').catch(() => undefined);
      for (const { table } of projections) {
        await sql.query(`drop table if exists ${quoted(table + suffix)}`).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Carries each projection's events after `from` up to and including `to` into the tables beside. */
  private async replay(
    sql: Sql,
    writers: readonly TableWriter[],
    from: ReadonlyMap<string, bigint>,
    to: ReadonlyMap<string, bigint>,
  ): Promise<void> {
    const { store } = this.parts;
    const open = writers.filter(({ projection: { name } }) => from.get(name)! < to.get(name)!);
    if (open.length === 0) return;
    const begin = least(open.map(({ projection }) => from.get(projection.name)!));
    const end = most(open.map(({ projection }) => to.get(projection.name)!));
    const feed = new CatchUpSubscription(
      store,
      [...new Set(open.flatMap(({ projection }) => projection.categories))],
      begin,
    );
    try {
      for (let reached = begin; reached < end;) {
        const events = await feed.next(batchEventsMax, true);
        if (events.length === 0) return;
        reached = events[events.length - 1]!.position;
        for (const writer of open) {
          const { name } = writer.projection;
          const mine = events.filter(({ position }) => position > from.get(name)! && position <= to.get(name)!);
          await writer.apply(sql, knownTypes(store, mine));
        }
      }
    } finally {
      feed.close();
    }
  }

  private async compare(sql: Sql, projection: AnyProjection): Promise<RebuildReport['tables'][number]> {
    const live = await fingerprint(sql, projection.table, projection.key);
    const rebuilt = await fingerprint(sql, projection.table + suffix, projection.key);
    return {
      projection: projection.name,
      table: projection.table,
      rows: rebuilt.rows,
      equal: live.hash === rebuilt.hash && live.rows === rebuilt.rows,
      liveHash: live.hash,
      rebuiltHash: rebuilt.hash,
    };
  }
}

async function fingerprint(sql: Sql, table: string, key: readonly string[]): Promise<{ rows: number; hash: string }> {
  const order = key.map((column) => `t.${quoted(column)}`).join(', ');
  const { rows } = await sql.query(
    `select count(*)::int as rows, md5(coalesce(string_agg(md5(t::text), '' order by ${order}), '')) as hash
       from ${quoted(table)} t`,
  );
  return (rows as { rows: number; hash: string }[])[0]!;
}

const least = (positions: bigint[]): bigint => positions.reduce((a, b) => (a < b ? a : b));
const most = (positions: bigint[]): bigint => positions.reduce((a, b) => (a > b ? a : b));
