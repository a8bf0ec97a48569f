import { DataSource } from 'typeorm';
import { Clock, HarkError, IsoTime, Logger, plusMs, silentLogger } from '@hark/kernel';
import { BackOff, Pace, PaceLimits, pause, SpareLimits, SpareRate, threadCpuMs, withTimeout } from '@hark/resilience';
import { dueOf, DueRow, Schedule } from './due';
import { Fired } from './fired';
import { Lease } from './lease';
import type { ReadModel } from './read-model';
import { ReplicaClocks } from './replica-clocks';
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
  /** How often the table is looked at without a signal: other processes write it, and clocks are set. 1 s unless told. */
  readonly lookEveryMs?: number;
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
  /** How far the clock here is ahead of the slowest replica's, in milliseconds; 0 when by a second at the most. */
  aheadMs: number;
}

const lookEveryMsDefault = 1_000;
const renewEveryMs = 2_500;
/** How many rows are read at a time: those due longest, and those due last, which stand for what is live. */
const oldestMax = 64;
const newestMax = 32;
/**
 * How many may be under way at once, at the most and at the least, and how many begin in one turn of the event loop. A crowd
 * due at once takes what others leave.
 */
const paceLimits: PaceLimits = { least: 16, most: 64, turnMs: 2 };
const beginsMax = 8;
/** How many begin a second, so that a crowd has a share of the machine that does not grow with it. */
const spareLimits: SpareLimits = { processorsMax: 0.8, leastPerSecond: 400, mostPerSecond: 900 };
const wakePauseMs = 20;
const fireMs = 10_000;
/** The most rows fired and not yet gone from the table; beyond this it waits for the read model. */
const restingMax = 20_000;
/** How often it looks whether the read model has caught up, or a firing has ended. */
const waitPauseMs = 20;
const firstRetryMs = 100;
const longestRetryMs = 2_000;

/**
 * Fires what a service's due table says when its time has come, by the wall clock of `Clock`, or of the replica whose clock
 * is furthest behind. Never early; after a gap it fires the oldest and newest rows in turns, so that a backlog does not delay
 * what has just become due, and no faster than leaves the event loop to others. One process fires at a time and passes its
 * epoch. Runs for ever.
 */
export class Scheduler {
  readonly counts: SchedulerCounts = { fired: 0, failures: 0, lagMs: 0, leader: false, aheadMs: 0 };
  private readonly lease: Lease;
  private readonly clocks: ReplicaClocks;
  private readonly log: Logger;
  private readonly table: string;
  private readonly lookEveryMs: number;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private unlisten: (() => void) | undefined;
  private woken = false;
  private wakeUp: (() => void) | undefined;

  constructor(private readonly parts: SchedulerParts) {
    this.lease = new Lease(parts.dataSource, parts.service, `schedule:${parts.schedule.table}`);
    this.clocks = new ReplicaClocks(parts.dataSource, parts.service, parts.schedule.table);
    this.log = parts.log ?? silentLogger;
    this.lookEveryMs = parts.lookEveryMs ?? lookEveryMsDefault;
    this.table = quoted(parts.schedule.table);
  }

  /** Begins in the background. The table must be there. */
  async start(): Promise<void> {
    if (this.running) return;
    await this.lease.prepare();
    await this.clocks.prepare();
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
        await this.compareClocks();
        const epoch = await this.lease.take();
        if (epoch === undefined) await pause(this.lookEveryMs, stop);
        else await this.lead(epoch);
        backOff.reset();
      } catch (error) {
        this.log.error({ table: this.parts.schedule.table, ...named(error) }, 'the schedule has to look again');
        await pause(backOff.nextMs(), stop);
      } finally {
        this.counts.leader = false;
      }
    }
    // Both expire by themselves.
    await Promise.allSettled([this.lease.release(), this.clocks.leave()]);
  }

  private async lead(epoch: number): Promise<void> {
    const renewal = setInterval(() => void this.renew().catch(() => undefined), renewEveryMs);
    const fired = new Fired();
    const pace = new Pace(paceLimits);
    const rate = new SpareRate(spareLimits);
    const running = new Set<Promise<void>>();
    let after: Place | undefined;
    this.counts.leader = true;
    try {
      while (this.holds(epoch)) {
        this.woken = false;
        const now = this.now();
        const oldest = fired.size < restingMax ? await this.due('asc', oldestMax, now, after) : [];
        const isBacklog = oldest.length === oldestMax;
        const newest = isBacklog ? await this.due('desc', newestMax, now) : [];
        // The next look goes on from here; from the beginning again once all were seen.
        after = isBacklog ? placeOf(oldest.at(-1)!) : undefined;
        const begun = await this.fireAll([...newest, ...oldest], { epoch, fired, pace, rate, running });
        fired.sweep();
        if (fired.size >= restingMax) await pause(waitPauseMs, this.stopping.signal);
        else if (!isBacklog && begun === 0) await this.rest(await this.untilNextMs());
        // Many signals in a row cause one look.
        if (this.woken && !isBacklog) await pause(wakePauseMs, this.stopping.signal);
      }
    } finally {
      clearInterval(renewal);
      await Promise.all(running);
    }
  }

  /**
   * Begins them one after the other as the pace allows, and answers how many; the last ones may still be under way when it
   * returns.
   */
  private async fireAll(rows: readonly DueRow[], { epoch, fired, pace, rate, running }: Firing): Promise<number> {
    let begun = 0;
    for (const row of rows) {
      if (fired.isResting(row) || !this.holds(epoch)) continue;
      while (running.size >= pace.allowed) await Promise.race(running);
      const firing = this.fire(row, epoch, fired).finally(() => running.delete(firing));
      running.add(firing);
      begun += 1;
      const waitMs = rate.begun();
      if (begun % beginsMax > 0) continue;
      pace.turned(await turn());
      if (waitMs >= 1) await pause(waitMs, this.stopping.signal);
    }
    return begun;
  }

  private async renew(): Promise<void> {
    await this.lease.renew();
    await this.compareClocks();
  }

  private async compareClocks(): Promise<void> {
    const aheadMs = await this.clocks.compare(this.parts.clock.now());
    if (aheadMs > 0 && this.counts.aheadMs === 0) {
      this.log.warn({ table: this.parts.schedule.table, aheadMs }, 'the clock here is ahead of another replica');
    }
    this.counts.aheadMs = aheadMs;
  }

  /** The time by which it fires: no replica's clock is behind it. */
  private now(): IsoTime {
    return plusMs(this.parts.clock.now(), -this.counts.aheadMs);
  }

  private holds(epoch: number): boolean {
    return !this.stopping.signal.aborted && this.lease.epoch === epoch;
  }

  /** The rows that are due, by their time and in that order; `after` one of them where that is named. */
  private async due(order: 'asc' | 'desc', limit: number, now: string, after?: Place): Promise<DueRow[]> {
    const { rows } = await sqlOf(this.parts.dataSource).query(
      `select * from ${this.table} where due_at <= $1::timestamptz
         ${after ? 'and (due_at, due_key) > ($2::timestamptz, $3)' : ''}
       order by due_at ${order}, due_key ${order} limit ${limit}`,
      after ? [now, after.dueAt, after.key] : [now],
    );
    return (rows as (DueRow & { due_at: Date | string })[]).map((row) => ({
      ...row,
      due_at: new Date(row.due_at).toISOString(),
    }));
  }

  private async fire(row: DueRow, epoch: number, fired: Fired): Promise<void> {
    // A process that stood still may have lost the lease since it read the row.
    if (!this.holds(epoch)) return;
    fired.begun(row);
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
    const { dataSource } = this.parts;
    const now = this.now();
    const { rows } = await sqlOf(dataSource).query(
      `select min(due_at) as next from ${this.table} where due_at > $1::timestamptz`,
      [now],
    );
    const next = (rows as { next: Date | string | null }[])[0]?.next;
    if (next === null || next === undefined) return this.lookEveryMs;
    return Math.min(this.lookEveryMs, Math.max(1, new Date(next).getTime() - Date.parse(now)));
  }

  private async rest(ms: number): Promise<void> {
    if (this.woken || this.stopping.signal.aborted) return;
    const woken = new AbortController();
    this.wakeUp = () => woken.abort();
    await pause(ms, woken.signal);
    this.wakeUp = undefined;
  }
}

/** Where a row stands in the order of the table. */
interface Place {
  readonly dueAt: string;
  readonly key: string;
}

interface Firing {
  readonly epoch: number;
  readonly fired: Fired;
  readonly pace: Pace;
  readonly rate: SpareRate;
  /** Under way, at most as many as the pace allows. */
  readonly running: Set<Promise<void>>;
}

const placeOf = ({ due_at: dueAt, due_key: key }: DueRow): Place => ({ dueAt, key });

/** Lets the event loop turn once; how much CPU that took, in milliseconds. */
async function turn(): Promise<number> {
  const beganMs = threadCpuMs();
  await new Promise((resolve) => setImmediate(resolve));
  return threadCpuMs() - beganMs;
}

/** A task that never ends must not stop the schedule. Its row is fired again, which its command allows for. */
function tooLong(): never {
  throw new HarkError('unavailable', 'schedule.timeout', 'a task did not end');
}

const named = (error: unknown): object =>
  error instanceof HarkError ? { code: error.code, reason: error.message } : { reason: String(error) };
