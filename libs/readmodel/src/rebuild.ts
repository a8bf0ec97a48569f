import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { EventStore, LogEvent, LogFilter } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { BesideTable } from './beside-table';
import { CatchUpSubscription } from './catch-up-subscription';
import { atStart, Checkpoints } from './checkpoints';
import { Fingerprint, fingerprints } from './fingerprint';
import { knownTypes } from './pipeline';
import { AnyProjection, categoriesOf } from './projection';
import { replaceTable } from './replace-table';
import { Sql } from './sql';

/** How far a rebuild is. */
export interface RebuildProgress {
  /** Read from the log. */
  readonly events: number;
  readonly seconds: number;
}

/** The result for each table. */
export interface RebuildReport extends RebuildProgress {
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

/** Few enough that folding them does not hold up what else the process does. */
const batchEvents = 500;
const swapTimeout = '10min';

/** One rebuild of all tables of a service. */
export class Rebuild {
  private events = 0;
  /** The write under way. The next events are folded meanwhile. */
  private writing: Promise<unknown> = Promise.resolve();
  private readonly begunMs = performance.now();

  constructor(
    private readonly parts: {
      store: EventStore;
      dataSource: DataSource;
      service: string;
      projections: readonly AnyProjection[];
    },
    private readonly checkpoints: Checkpoints,
  ) {}

  get progress(): RebuildProgress {
    return { events: this.events, seconds: (performance.now() - this.begunMs) / 1_000 };
  }

  async run(): Promise<RebuildReport> {
    const runner = this.parts.dataSource.createQueryRunner();
    const sql = (await runner.connect()) as PoolClient;
    try {
      await sql.query(`set statement_timeout = '${swapTimeout}'; set synchronous_commit = off`);
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
    const position = async (lock = false): Promise<Positions> => {
      const checkpoints = await this.checkpoints.read(sql, names, lock);
      return new Map([...checkpoints].map(([name, checkpoint]) => [name, checkpoint.position]));
    };
    try {
      const tables: BesideTable[] = [];
      for (const projection of projections) tables.push(await BesideTable.create(sql, projection));
      // The long part goes without a lock, and so does the comparison: with the live tables as they are at one moment.
      const first = await position();
      await this.replay(sql, tables, new Map(names.map((name) => [name, atStart])), first);
      for (const table of tables) await table.addIndexes(sql);
      await sql.query('begin isolation level repeatable read read only');
      const then = await position();
      const comparedAtMs = Date.now();
      const live = await fingerprints(
        sql,
        projections.map((projection) => ({ projection, name: projection.table })),
        comparedAtMs,
      );
      await sql.query('commit');
      await this.replay(sql, tables, first, then);
      const rebuilt = await fingerprints(sql, tables, comparedAtMs);
      const nearly = await position();
      await this.replay(sql, tables, then, nearly);
      // Under lock only what came in a moment, and the swap.
      await sql.query('begin; set local synchronous_commit = on');
      await this.replay(sql, tables, nearly, await position(true));
      for (const { projection, name } of tables) await replaceTable(sql, projection.table, name);
      await this.checkpoints.rebuilt(sql, names);
      await sql.query('commit');
      const compared = projections.map((projection, at) => compare(projection, live[at]!, rebuilt[at]!));
      return { ...this.progress, tables: compared };
    } catch (error) {
      await sql.query('rollback').catch(() => undefined);
      for (const projection of projections) await BesideTable.drop(sql, projection).catch(() => undefined);
      throw error;
    }
  }

  /** Carries each projection's events after `from` up to and including `to` into the tables beside. */
  private async replay(sql: Sql, tables: readonly BesideTable[], from: Positions, to: Positions): Promise<void> {
    const open = tables.filter(({ projection: { name } }) => from.get(name)! < to.get(name)!);
    if (open.length === 0) return;
    const begin = least(open.map(({ projection }) => from.get(projection.name)!));
    const end = most(open.map(({ projection }) => to.get(projection.name)!));
    const log = new CatchUpSubscription(this.parts.store, filterFor(open), begin);
    try {
      for (let reached = begin; reached < end;) {
        const events = await atLeast(batchEvents, log);
        if (events.length === 0) break;
        reached = events[events.length - 1]!.position;
        this.events += events.length;
        for (let at = 0; at < events.length; at += batchEvents) {
          await this.write(sql, open, events.slice(at, at + batchEvents), from, to);
        }
      }
      await this.writing;
    } finally {
      log.close();
    }
  }

  private async write(
    sql: Sql,
    tables: readonly BesideTable[],
    events: readonly LogEvent[],
    from: Positions,
    to: Positions,
  ): Promise<void> {
    const known = knownTypes(this.parts.store, events);
    const statements: string[] = [];
    for (const { projection, writer } of tables) {
      const [after, last] = [from.get(projection.name)!, to.get(projection.name)!];
      const mine = known.filter(({ position }) => position > after && position <= last);
      const write = await writer.fold(sql, mine);
      statements.push(...(write?.statements ?? []));
      write?.remember(); // of rows that are not written in the end nothing remains: the rebuild fails with them
    }
    await this.writing;
    if (statements.length === 0) return;
    this.writing = sql.query(statements.join(';\n'));
    this.writing.catch(() => undefined); // whoever awaits it hears of it
  }
}

type Positions = ReadonlyMap<string, bigint>;

/** The next events, waiting for more until there are so many or the log ends. */
async function atLeast(eventsMin: number, log: CatchUpSubscription): Promise<LogEvent[]> {
  const batches: LogEvent[][] = [];
  for (let count = 0; count < eventsMin;) {
    const events = await log.next();
    if (events.length === 0) break;
    batches.push(events);
    count += events.length;
  }
  return batches.flat();
}

/** Only what the tables read: all types by name, or where one of them names none, whole categories. */
function filterFor(tables: readonly BesideTable[]): LogFilter {
  const projections = tables.map(({ projection }) => projection);
  if (projections.every(({ types }) => types)) {
    const emptying = projections.flatMap(({ emptiedBy }) => emptiedBy?.type ?? []);
    return { types: [...new Set([...projections.flatMap(({ types }) => types ?? []), ...emptying])] };
  }
  return { categories: [...new Set(projections.flatMap(categoriesOf))] };
}

const compare = (
  projection: AnyProjection,
  live: Fingerprint,
  rebuilt: Fingerprint,
): RebuildReport['tables'][number] => ({
  projection: projection.name,
  table: projection.table,
  rows: rebuilt.rows,
  equal: live.hash === rebuilt.hash && live.rows === rebuilt.rows,
  liveHash: live.hash,
  rebuiltHash: rebuilt.hash,
});

const least = (positions: bigint[]): bigint => positions.reduce((a, b) => (a < b ? a : b));
const most = (positions: bigint[]): bigint => positions.reduce((a, b) => (a > b ? a : b));
