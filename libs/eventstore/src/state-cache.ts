import { LRUCache } from 'lru-cache';
import { Fold } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { RecordedEvent } from './recorded-event';
import { applyEvents, emptyStream, StreamState } from './stream-state';

/** Bounds of a `StateCache`. */
export interface StateCacheOptions {
  /** How many streams are remembered; the least lately used one goes first. 1 for streams that are seldom asked for twice. */
  readonly entriesMax?: number;
}

interface Entry<S> {
  readonly folded: StreamState<S>;
  /** The `performance.now()` at which it was last known to be the present state. */
  readonly knownAtMs: number;
}

/** Reads the events of a stream from a revision on, in order, as `EventStore` does. */
interface StreamReader {
  read(category: string, id: string, fromRevision: number): Promise<RecordedEvent[]>;
}

interface Reading<S> {
  begun: boolean;
  result: Promise<StreamState<S>>;
}

/**
 * The states of one category's streams, by `EventStore.streams`.
 *
 * Never stale: what is remembered is topped up from the log at every `get`, by a read that begins after the call.
 * Calls that wait for a read of the same stream to begin share it, so a hot stream costs one read at a time.
 */
export class StateCache<S> {
  private readonly entries: LRUCache<string, Entry<S>>;
  private readonly latest = new Map<string, Reading<S>>();

  constructor(
    private readonly store: StreamReader,
    readonly category: string,
    private readonly fold: Fold<S, never>,
    options: StateCacheOptions = {},
  ) {
    this.entries = new LRUCache(entriesAtMost(options.entriesMax ?? 10_000));
  }

  /** The stream's present state; revision -1 and the initial state when there is no such stream. */
  get(id: string): Promise<StreamState<S>> {
    const last = this.latest.get(id);
    if (last && !last.begun) return last.result;
    const reading: Reading<S> = { begun: false, result: Promise.resolve(emptyStream(this.fold.initial)) };
    reading.result = this.readAfter(id, last, reading);
    this.latest.set(id, reading);
    return reading.result;
  }

  /**
   * The state as it was at most `ageMsMax` ago, without a read; `undefined` when none so new is known. Only for
   * decisions whose append notices a lost race.
   */
  allowStale(id: string, ageMsMax: number): StreamState<S> | undefined {
    const entry = this.entries.get(id);
    return entry && performance.now() - entry.knownAtMs <= ageMsMax ? entry.folded : undefined;
  }

  /** Remembers what has just been appended; ignored when something newer is known already. */
  put(id: string, folded: StreamState<S>): void {
    const known = this.entries.get(id)?.folded;
    if (known && known.revision >= folded.revision) return;
    this.remember(id, folded);
  }

  private remember(id: string, folded: StreamState<S>): void {
    this.entries.set(id, { folded, knownAtMs: performance.now() });
  }

  private async readAfter(id: string, last: Reading<S> | undefined, reading: Reading<S>): Promise<StreamState<S>> {
    // Yields once even when there is no read to wait for, so that calls of the same tick share a read.
    await last?.result.catch(() => undefined);
    reading.begun = true;
    try {
      const known = this.entries.get(id)?.folded ?? emptyStream(this.fold.initial);
      const news = (await this.store.read(this.category, id, known.revision + 1)) as RecordedEvent<never>[];
      const folded = applyEvents(known, news, this.fold.evolve);
      if (folded.revision >= 0) this.touch(id, folded);
      return folded;
    } finally {
      if (this.latest.get(id) === reading) this.latest.delete(id);
    }
  }

  private touch(id: string, folded: StreamState<S>): void {
    const known = this.entries.get(id)?.folded;
    this.remember(id, known && known.revision > folded.revision ? known : folded);
  }
}
