import { EventStore, RecordedEvent } from '@hark/eventstore';
import { CatchUpSubscription } from './catch-up-subscription';
import { Checkpoints } from './checkpoints';
import { ReadModelCounts } from './counts';
import { Leader } from './leader';
import { TableWriter } from './table-writer';

const batchEventsMax = 500;
/** A push makes half a dozen events within some milliseconds; a transaction for each would cost more than the rows. */
const lingerMs = 8;

/** Carries events into the tables of some projections that stand at about the same place. */
export class Pipeline {
  constructor(
    private readonly store: EventStore,
    private readonly checkpoints: Checkpoints,
    private readonly writers: readonly TableWriter[],
    private readonly counts: ReadModelCounts,
    private readonly reached: (projection: string, position: bigint) => void,
    private readonly written: (projection: string) => void,
  ) {}

  /** Runs until `signal` aborts; throws when the log or the database is away or a projection throws. */
  async run(leader: Leader, signal: AbortSignal): Promise<void> {
    const names = this.writers.map(({ projection }) => projection.name);
    const positions = await this.checkpoints.read(leader, names);
    for (const [name, position] of positions) this.reached(name, position);
    const from = [...positions.values()].reduce((least, position) => (position < least ? position : least));
    const categories = new Set(this.writers.flatMap(({ projection }) => projection.categories));
    const feed = new CatchUpSubscription(this.store, [...categories], from);
    const close = () => feed.close();
    signal.addEventListener('abort', close);
    try {
      while (!signal.aborted) {
        const events = await feed.readBatch(batchEventsMax, lingerMs);
        if (events.length > 0) await this.write(leader, positions, events);
      }
    } finally {
      signal.removeEventListener('abort', close);
      feed.close();
    }
  }

  private async write(leader: Leader, positions: Map<string, bigint>, events: RecordedEvent[]): Promise<void> {
    const last = events[events.length - 1]!;
    // Projections further ahead wait here until the others have caught up with them.
    const behind = new Map([...positions].filter(([, position]) => position < last.position));
    const changed: string[] = [];
    await leader.transaction(async (sql) => {
      // First, because it also keeps a rebuild from swapping the tables under this transaction.
      await this.checkpoints.advance(sql, behind, last.position);
      for (const writer of this.writers) {
        const after = behind.get(writer.projection.name);
        if (after === undefined) continue;
        const mine = this.known(events.filter(({ position }) => position > after));
        if (await writer.apply(sql, mine)) changed.push(writer.projection.name);
      }
    });
    for (const name of behind.keys()) {
      positions.set(name, last.position);
      this.reached(name, last.position);
    }
    for (const name of changed) this.written(name);
    this.counts.events += events.length;
    this.counts.batches += 1;
    this.counts.unknown += events.length - this.known(events).length;
    this.counts.lagMs = Math.max(0, Date.now() - Date.parse(last.recordedAt));
  }

  private known(events: RecordedEvent[]): RecordedEvent[] {
    return knownTypes(this.store, events);
  }
}

/**
 * The events whose type this build knows: while versions are mixed, it may meet types of a newer build and skips them.
 */
export function knownTypes(store: EventStore, events: RecordedEvent[]): RecordedEvent[] {
  const { schemas } = store;
  return schemas ? events.filter(({ event }) => Object.hasOwn(schemas, event.type)) : events;
}
