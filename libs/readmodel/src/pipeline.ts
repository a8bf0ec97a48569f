import { EventStore, LogEvent } from '@hark/eventstore';
import { pause } from '@hark/resilience';
import { atStart, Checkpoint, Checkpoints, isMoved } from './checkpoints';
import { ReadModelCounts } from './counts';
import { FeedReader } from './feed-reader';
import { Leader } from './leader';
import { categoriesOf } from './projection';
import { TableWriter } from './table-writer';

const batchEventsMax = 500;
/**
 * How long a batch waits for company. A push makes seven events within some milliseconds, and a transaction costs more than
 * its rows. The wait doubles while it is longer than the log is silent between batches, and halves when it is not.
 */
const lingerMinMs = 5;
const lingerMaxMs = 50;
/** How long the position of events that changed no row may stay unwritten; another process waits that long for it. */
const unwrittenMs = 250;

/** What a pipeline tells its read model. */
export interface PipelineListener {
  /** The projection's rows up to `position` are committed. */
  reached(projection: string, position: bigint): void;
  /** The projection's table was changed: these rows were written, others may be gone. */
  written(projection: string, rows: readonly object[]): void;
  /** Whether somebody waits for a position. */
  isAwaited(): boolean;
}

/** Carries events into the tables of some projections that stand at about the same place. */
export class Pipeline {
  private readonly names: readonly string[];
  private checkpoints = new Map<string, Checkpoint>();
  /** How far each projection is. Further than its checkpoint after events that changed no row. */
  private readonly positions = new Map<string, bigint>();
  /** Of the last event. */
  private position = atStart;
  private unwrittenSinceMs: number | undefined;
  private lingerMs = lingerMinMs;
  private lingering = new AbortController();

  constructor(
    private readonly store: EventStore,
    private readonly checkpointTable: Checkpoints,
    private readonly writers: readonly TableWriter[],
    private readonly counts: ReadModelCounts,
    private readonly listener: PipelineListener,
  ) {
    this.names = writers.map(({ projection }) => projection.name);
  }

  /** Runs until `signal` aborts; throws when the log or the database is away or a projection throws. */
  async run(leader: Leader, signal: AbortSignal): Promise<void> {
    this.checkpoints = await this.checkpointTable.read(leader, this.names);
    for (const [name, { position }] of this.checkpoints) this.reached(name, position);
    const from = [...this.positions.values()].reduce((least, position) => (position < least ? position : least));
    const categories = new Set(this.writers.flatMap(({ projection }) => categoriesOf(projection)));
    const reader = new FeedReader(this.store, [...categories], from);
    const close = () => {
      reader.close();
      this.hurry();
    };
    signal.addEventListener('abort', close);
    try {
      while (!signal.aborted) {
        const events = await this.batch(reader);
        for (let at = 0; at < events.length; at += batchEventsMax) {
          await this.carry(leader, events.slice(at, at + batchEventsMax));
        }
        if (this.restMs() === 0) await this.unlessRebuilt(leader, () => this.commit(leader, []));
      }
    } finally {
      signal.removeEventListener('abort', close);
      reader.close();
    }
  }

  /** Ends a wait for company. */
  hurry(): void {
    this.lingering.abort();
  }

  private async batch(reader: FeedReader): Promise<LogEvent[]> {
    const askedMs = performance.now();
    const events = await reader.next(this.restMs());
    if (events.length === 0 || events.length >= batchEventsMax) return events;
    const isBusy = performance.now() - askedMs < this.lingerMs;
    this.lingerMs = isBusy ? Math.min(lingerMaxMs, this.lingerMs * 2) : Math.max(lingerMinMs, this.lingerMs / 2);
    if (this.listener.isAwaited()) return events;
    this.lingering = new AbortController();
    await pause(this.lingerMs, this.lingering.signal);
    return events.concat(reader.rest());
  }

  private async carry(leader: Leader, events: readonly LogEvent[]): Promise<void> {
    const last = events[events.length - 1]!;
    const known = knownTypes(this.store, events);
    if (last.position > this.position) this.position = last.position;
    const told = await this.unlessRebuilt(leader, () => this.write(leader, known));
    this.counts.events += events.length;
    this.counts.batches += 1;
    this.counts.unknown += events.length - known.length;
    this.counts.lagMs = Math.max(0, Date.now() - last.createdMs);
    for (const name of this.names) this.reached(name, last.position);
    for (const [name, rows] of told) this.listener.written(name, rows);
  }

  /** The projections whose tables it changed, with the rows that it wrote. */
  private async write(leader: Leader, events: readonly LogEvent[]): Promise<Map<string, readonly object[]>> {
    const changed = new Map<string, readonly object[]>();
    const statements: string[] = [];
    const remembering: (() => void)[] = [];
    for (const writer of this.writers) {
      const { name } = writer.projection;
      // Projections further ahead wait here until the others have caught up with them.
      const after = this.positions.get(name)!;
      const mine = events.filter(({ position }) => position > after);
      const write = await writer.fold(leader, mine);
      if (!write) continue;
      statements.push(...write.statements);
      remembering.push(write.remember);
      if (write.statements.length > 0) changed.set(name, write.rows);
    }
    // A batch that looked at rows and left them as they are is written too: only then is it sure that they were these.
    if (remembering.length > 0) await this.commit(leader, statements);
    else this.unwrittenSinceMs ??= performance.now();
    for (const remember of remembering) remember();
    return changed;
  }

  private async commit(leader: Leader, statements: readonly string[]): Promise<void> {
    const to = this.position;
    const behind = new Map([...this.checkpoints].filter(([, { position }]) => position < to));
    this.unwrittenSinceMs = undefined;
    if (behind.size === 0) return;
    // Without values these go to the database in one message, and it takes them as one transaction.
    await leader.query([this.checkpointTable.advance(behind, to), ...statements].join(';\n'));
    for (const [name, { rebuilds }] of behind) this.checkpoints.set(name, { position: to, rebuilds });
  }

  /** Does `work`, and once more when a rebuild replaced the tables since the last batch: what was remembered of rows is void. */
  private async unlessRebuilt<T>(leader: Leader, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isMoved(error)) throw error;
      const now = await this.checkpointTable.read(leader, this.names);
      for (const [name, { position }] of now) {
        if (position !== this.checkpoints.get(name)!.position) {
          throw new Error('the checkpoint is not where this process left it', { cause: error });
        }
      }
      this.checkpoints = now;
      for (const writer of this.writers) writer.forget();
      return work();
    }
  }

  /** How long the positions may still stay unwritten; undefined when they are written. */
  private restMs(): number | undefined {
    if (this.unwrittenSinceMs === undefined) return undefined;
    return Math.max(0, this.unwrittenSinceMs + unwrittenMs - performance.now());
  }

  private reached(name: string, position: bigint): void {
    if ((this.positions.get(name) ?? -1n) > position) return;
    this.positions.set(name, position);
    this.listener.reached(name, position);
  }
}

/**
 * The events whose type this build knows: while versions are mixed, it may meet types of a newer build and skips them.
 */
export function knownTypes({ schemas }: EventStore, events: readonly LogEvent[]): readonly LogEvent[] {
  return schemas ? events.filter(({ type }) => Object.hasOwn(schemas, type)) : events;
}
