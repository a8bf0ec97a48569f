import { DataSource } from 'typeorm';
import { Clock, HarkError, Logger, silentLogger } from '@hark/kernel';
import { BackOff, pause, withTimeout } from '@hark/resilience';
import { dueOf, DueRow, Schedule } from './due';
import { Fired } from './fired';
import { Lease } from './lease';
import type { ReadModel } from './read-model';
import { quoted } from './sql';
import { sqlOf } from './sql-of';

/** What a scheduler is made of. */
export interface SchedulerParts {
  readonly dataSource: DataSource;
  /** Names the schema that holds the lease. */
  readonly service: string;
  readonly schedule: Schedule;
  readonly clock: Clock;
  /** The projection that writes the due table. Its writes in this process are looked at immediately. */
  readonly readModel?: Pick<ReadModel, 'onWritten'>;
  readonly log?: Logger;
  /** Called for every firing with its delay. Must not throw. */
  readonly onFired?: (lagMs: number) => void;
}

/** What a scheduler has done in this process: plain numbers for the metrics. */
export interface SchedulerCounts {
  fired: number;
  /** Firings that failed and are repeated. */
  failures: number;
  /** How long after its time the latest one was fired, in milliseconds. */
  lagMs: number;
  /** Whether this process fires. */
  leader: boolean;
}

/** How often the table is looked at without a signal: other processes write it, and clocks are set. */
const lookEveryMs = 1_000;
const renewEveryMs = 2_500;
/**
 * How many are fired together. With the pause this makes 100 a second, so that a crowd due at once does not displace
 * other work.
 */
const batchMax = 10;
const batchPauseMs = 100;
const wakePauseMs = 20;
const fireMs = 10_000;
/** The most rows fired and not yet gone from the table; beyond this it waits for the read model. */
const restingMax = 2_000;
const firstRetryMs = 100;
const longestRetryMs = 2_000;

/**
 * Fires what a service's due table says when its time has come, by the wall clock of `Clock`. Never early; after a gap
 * it fires the oldest and newest rows in turns, so that a backlog does not delay what has just become due. One process
 * fires at a time and passes its epoch. Runs for ever.
 */
export class Scheduler {
  readonly counts: SchedulerCounts = { fired: 0, failures: 0, lagMs: 0, leader: false };
  private readonly lease: Lease;
  private readonly log: Logger;
  private readonly table: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private unlisten: (() => void) | undefined;
  private woken = false;
  private wakeUp: (() => void) | undefined;

  constructor(private readonly parts: SchedulerParts) {
    this.lease = new Lease(parts.dataSource, parts.service, `schedule:${parts.schedule.table}`);
    this.log = parts.log ?? silentLogger;
    this.table = quoted(parts.schedule.table);
  }

  /** Begins in the background. The table must be there. */
  async start(): Promise<void> {
    if (this.running) return;
    await this.lease.prepare();
    this.unlisten = this.parts.readModel?.onWritten(this.parts.schedule.projection, () => this.wake());
    this.running = this.run();
  }

  /** Finishes the firings under way and lets another process take over at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.unlisten?.();
    this.wake();
    await this.running;
  }

  /** Looks at the table now, because something may have become due. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async run(): Promise<void> {
    const stop = this.stopping.signal;
    const backOff = new BackOff(firstRetryMs, longestRetryMs);
    while (!stop.aborted) {
      try {
        const epoch = await this.lease.take();
        if (epoch === undefined) await pause(lookEveryMs, stop);
        else await this.lead(epoch);
        backOff.reset();
      } catch (error) {
        this.log.error({ table: this.parts.schedule.table, ...named(error) }, 'the schedule has to look again');
        await pause(backOff.nextMs(), stop);
      } finally {
        this.counts.leader = false;
      }
    }
    await this.lease.release().catch(() => undefined); // it expires by itself
  }

  private async lead(epoch: number): Promise<void> {
    const renewal = setInterval(() => void this.lease.renew().catch(() => undefined), renewEveryMs);
    const fired = new Fired();
    this.counts.leader = true;
    try {
      while (this.holds(epoch)) {
        this.woken = false;
        const rows = await this.due(fired);
        await Promise.all(rows.map((row) => this.fire(row, epoch, fired)));
        fired.sweep();
        if (rows.length > 0) await pause(batchPauseMs, this.stopping.signal);
        else await this.rest(await this.untilNextMs());
        // Many signals in a row cause one look.
        if (this.woken) await pause(wakePauseMs, this.stopping.signal);
      }
    } finally {
      clearInterval(renewal);
    }
  }

  private holds(epoch: number): boolean {
    return !this.stopping.signal.aborted && this.lease.epoch === epoch;
  }

  private async due(fired: Fired): Promise<DueRow[]> {
    if (fired.size >= restingMax) return [];
    const { keys, times } = fired.resting();
    const due = (order: 'asc' | 'desc') =>
      `(select d.* from ${this.table} d where d.due_at <= $1::timestamptz and not exists (
          select 1 from unnest($2::text[], $3::timestamptz[]) r(key, at) where r.key = d.due_key and r.at = d.due_at)
        order by d.due_at ${order}, d.due_key ${order} limit ${batchMax / 2})`;
    const { rows } = await sqlOf(this.parts.dataSource).query(`${due('asc')} union ${due('desc')}`, [
      this.parts.clock.now(),
      keys,
      times,
    ]);
    return (rows as (DueRow & { due_at: Date | string })[]).map((row) => ({
      ...row,
      due_at: new Date(row.due_at).toISOString(),
    }));
  }

  private async fire(row: DueRow, epoch: number, fired: Fired): Promise<void> {
    // A process that stood still may have lost the lease since it read the row.
    if (!this.holds(epoch)) return;
    const due = dueOf(row, epoch);
    try {
      await withTimeout(fireMs, this.parts.schedule.fire(due), tooLong);
      this.counts.fired += 1;
      this.counts.lagMs = Math.max(0, Date.parse(this.parts.clock.now()) - Date.parse(due.dueAt));
      this.parts.onFired?.(this.counts.lagMs);
      fired.succeeded(row);
    } catch (error) {
      this.counts.failures += 1;
      fired.failed(row);
      this.log.error(
        { task: due.task, key: due.key, ...named(error) },
        'what is due could not be fired; it is tried again',
      );
    }
  }

  private async untilNextMs(): Promise<number> {
    const { clock, dataSource } = this.parts;
    const now = clock.now();
    const { rows } = await sqlOf(dataSource).query(
      `select min(due_at) as next from ${this.table} where due_at > $1::timestamptz`,
      [now],
    );
    const next = (rows as { next: Date | string | null }[])[0]?.next;
    if (next === null || next === undefined) return lookEveryMs;
    return Math.min(lookEveryMs, Math.max(1, new Date(next).getTime() - Date.parse(now)));
  }

  private async rest(ms: number): Promise<void> {
    if (this.woken || this.stopping.signal.aborted) return;
    const woken = new AbortController();
    this.wakeUp = () => woken.abort();
    await pause(ms, woken.signal);
    this.wakeUp = undefined;
  }
}

/** A task that never ends must not stop the schedule. Its row is fired again, which its command allows for. */
function tooLong(): never {
  throw new HarkError('unavailable', 'schedule.timeout', 'a task did not end');
}

const named = (error: unknown): object =>
  error instanceof HarkError ? { code: error.code, reason: error.message } : { reason: String(error) };
