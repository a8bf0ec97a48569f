import { DataSource } from 'typeorm';
import { EventStore } from '@hark/eventstore';
import { HarkError, Logger, parsePosition, silentLogger } from '@hark/kernel';
import { BackOff, pause } from '@hark/resilience';
import { atStart, Checkpoints } from './checkpoints';
import { noCounts, ReadModelCounts } from './counts';
import { Leader } from './leader';
import { LogHead } from './log-head';
import { Pipeline, PipelineListener } from './pipeline';
import { PositionWaiters } from './position-waiters';
import { AnyProjection, categoriesOf } from './projection';
import { Rebuild, RebuildProgress, RebuildReport } from './rebuild';
import { sqlOf } from './sql-of';
import { TableWriter } from './table-writer';

/** What a service's read model is made of. */
export interface ReadModelParts {
  readonly store: EventStore;
  readonly dataSource: DataSource;
  /** Names the schema and the leader's lock. */
  readonly service: string;
  readonly projections: readonly AnyProjection[];
  readonly log?: Logger;
  /** How long `caughtUp` waits; 2 s unless told. */
  readonly deadlineMs?: number;
}

/** How far a table is behind the log. */
export interface TableLag {
  readonly table: string;
  readonly lagSeconds: number;
}

/** What is called after a write; `undefined` when any row may have changed. */
export type WrittenListener = (rows: readonly object[] | undefined) => void;

const firstRetryMs = 50;
const longestRetryMs = 2_000;
const steadyMs = 5_000;

/**
 * Keeps a service's tables in step with the log. One process writes at a time; the others wait to take over. Runs for
 * ever: after a failure it begins again at the last committed position, after a growing wait.
 */
export class ReadModel {
  readonly counts: ReadModelCounts = noCounts();
  private readonly checkpoints: Checkpoints;
  private readonly waiters: PositionWaiters;
  private readonly head: LogHead;
  private readonly names: readonly string[];
  private readonly log: Logger;
  private readonly stopping = new AbortController();
  private readonly listeners = new Map<string, Set<WrittenListener>>();
  private pipelines: readonly Pipeline[] = [];
  private rebuilding: Rebuild | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly parts: ReadModelParts) {
    this.log = parts.log ?? silentLogger;
    this.checkpoints = new Checkpoints(parts.service);
    this.names = parts.projections.map(({ name }) => name);
    if (new Set(this.names).size !== this.names.length) throw new TypeError('two projections share a name');
    this.head = new LogHead(() => parts.store.head());
    this.waiters = new PositionWaiters(
      () => this.positions(),
      () => this.counts.leader,
      parts.deadlineMs ?? 2_000,
      () => this.pipelines.forEach((pipeline) => pipeline.hurry()),
    );
  }

  /** The categories of streams that its tables are made of: only for positions in these does anything wait. */
  get categories(): ReadonlySet<string> {
    return new Set(this.parts.projections.flatMap(({ categories }) => categories));
  }

  /** Checks that every table is there, then follows the log in the background. The migrations must have run. */
  async start(): Promise<void> {
    if (this.names.length === 0 || this.running) return;
    const runner = this.parts.dataSource.createQueryRunner();
    try {
      const sql = sqlOf(runner);
      await this.checkpoints.prepare(sql, this.names);
      for (const projection of this.parts.projections) await TableWriter.of(sql, projection);
    } finally {
      await runner.release();
    }
    this.running = this.follow();
  }

  /** Finishes the batch under way, then lets another process take over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Resolves when every table that reads the category of `token` (a `Hark-Position`) includes that position; at once
   * without a token. Throws `unavailable` `readmodel.behind` after 2 s, and at once `invalid` `position.invalid` for a
   * malformed token and for a position beyond the log's end, which no write can have returned.
   */
  async waitForPosition(token: string | undefined): Promise<void> {
    if (token === undefined) return;
    const { position, category } = parsePosition(token);
    const readers = this.parts.projections.filter(({ categories }) => categories.includes(category));
    const names = readers.map(({ name }) => name);
    if (names.length > 0 && this.waiters.has(names, position)) return;
    if (!(await this.exists(position))) {
      throw new HarkError('invalid', 'position.invalid', 'the position lies beyond the end of the log');
    }
    await this.waiters.wait(names, position);
  }

  // While the store cannot answer, the wait has its limit all the same.
  private exists(position: bigint): Promise<boolean> {
    return this.head.reaches(position).catch(() => true);
  }

  /**
   * Calls `listener` after every batch of this process that changed the projection's table, with the rows it wrote; and
   * without rows when this process begins to write, because what was written before may have been told to nobody.
   * Writes of other processes are not reported. Must not throw. Returns the function that ends it.
   */
  onWritten(projection: string, listener: WrittenListener): () => void {
    const all = this.listeners.get(projection) ?? new Set();
    this.listeners.set(projection, all.add(listener));
    return () => void all.delete(listener);
  }

  /** How far each projection is, as the database has it; -1 is before the first event. */
  async positions(): Promise<ReadonlyMap<string, bigint>> {
    if (this.names.length === 0) return new Map();
    const checkpoints = await this.checkpoints.read(sqlOf(this.parts.dataSource), this.names);
    return new Map([...checkpoints].map(([name, { position }]) => [name, position]));
  }

  /** How old the first event is that each table lacks, in seconds; 0 where it lacks none. Throws when a store is away. */
  async lags(nowMs: number): Promise<TableLag[]> {
    const positions = await this.positions();
    const lags = this.parts.projections.map(async (projection) => {
      const missed = await this.parts.store.firstAfter(categoriesOf(projection), positions.get(projection.name)!);
      const lagMs = missed ? Math.max(0, nowMs - missed.createdMs) : 0;
      return { table: projection.table, lagSeconds: lagMs / 1_000 };
    });
    return Promise.all(lags);
  }

  /**
   * Builds every table anew from the whole log beside the live one, compares the two at the same position and puts the
   * new one in the old one's place. Any process may do it, one at a time: `conflict` `readmodel.rebuilding`.
   */
  rebuild(): Promise<RebuildReport> {
    const rebuild = new Rebuild(this.parts, this.checkpoints);
    this.rebuilding = rebuild;
    return rebuild.run();
  }

  /** How far the latest rebuild of this process is. */
  get rebuildProgress(): RebuildProgress | undefined {
    return this.rebuilding?.progress;
  }

  private async follow(): Promise<void> {
    const { dataSource, service } = this.parts;
    const stop = this.stopping.signal;
    const backOff = new BackOff(firstRetryMs, longestRetryMs);
    while (!stop.aborted) {
      const begunMs = performance.now();
      let leader: Leader | undefined;
      try {
        leader = await Leader.elect(dataSource, service, stop);
        if (leader) await this.lead(leader);
      } catch (error) {
        this.counts.failures += 1;
        const reason = error instanceof Error ? error.message : String(error);
        this.log.error({ service, reason }, 'the read model has to begin again from its last position');
      } finally {
        this.counts.leader = false;
        await leader?.resign();
      }
      if (performance.now() - begunMs > steadyMs) backOff.reset();
      if (!stop.aborted) await pause(backOff.nextMs(), stop);
    }
  }

  private async lead(leader: Leader): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.stopping.signal, leader.lost]);
    this.pipelines = await this.pipelinesFor(leader);
    this.counts.leader = true;
    this.counts.elections += 1;
    for (const listeners of this.listeners.values()) for (const listener of listeners) listener(undefined);
    const runs = this.pipelines.map((pipeline) => pipeline.run(leader, signal));
    try {
      await Promise.all(runs);
    } finally {
      over.abort();
      await Promise.allSettled(runs);
      this.pipelines = [];
    }
  }

  // New projections get their own subscription, so that reading the whole log for them does not delay the others; at
  // the next start all share one.
  private async pipelinesFor(leader: Leader): Promise<Pipeline[]> {
    const checkpoints = await this.checkpoints.read(leader, this.names);
    const { store, projections } = this.parts;
    const writers = [];
    for (const projection of projections) writers.push(await TableWriter.of(leader, projection));
    const isNew = ({ projection }: TableWriter) => (checkpoints.get(projection.name)?.position ?? atStart) === atStart;
    return [writers.filter(isNew), writers.filter((writer) => !isNew(writer))]
      .filter((group) => group.length > 0)
      .map((group) => new Pipeline(store, this.checkpoints, group, this.counts, this.listener));
  }

  private readonly listener: PipelineListener = {
    reached: (name, position) => this.waiters.reached(name, position),
    written: (name, rows) => this.listeners.get(name)?.forEach((listener) => listener(rows)),
    isAwaited: () => this.waiters.isAnybodyWaiting,
  };
}
