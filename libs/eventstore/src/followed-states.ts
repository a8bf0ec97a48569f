import { LRUCache } from 'lru-cache';
import { Fold } from '@hark/kernel';
import { entriesAtMost } from '@hark/resilience';
import { LogEvent } from './log-event';
import { LogTail, Present, TailFollower } from './log-tail';
import { RecordedEvent } from './recorded-event';
import { applyEvents, emptyStream, StreamState } from './stream-state';

/** Bounds of `FollowedStates`. */
export interface FollowedStatesOptions<S> {
  /** How many streams are remembered; the least lately used one goes first. */
  readonly entriesMax?: number;
  /** The same by what they hold, where some hold much: `of` says how many bytes a state has. */
  readonly bytes?: { readonly max: number; readonly of: (state: S) => number };
  /** Also remembers streams that nobody has asked for, from their first event on: for streams asked for soon after it. */
  readonly fromBirth?: boolean;
}

/** Reads a stream whole, by a read that begins after the call. */
type ReadStream = (category: string, id: string) => Promise<RecordedEvent[]>;

/** A stream that moves so fast while it is loaded is not remembered. */
const missedMax = 100;
const triesMax = 3;

interface Loading<S> {
  readonly result: Promise<StreamState<S>>;
  /** What the tail brought of the stream meanwhile; null when the stream is not to be remembered. */
  missed: LogEvent[] | null;
}

/**
 * The states of one category's streams, kept up to date by the log's tail, by `EventStore.follow`.
 *
 * Never stale: `get` answers with everything that was acknowledged before its moment. What is remembered is brought up
 * to date by the tail, in a read that everybody shares; a stream that is not remembered is read once, whole.
 */
export class FollowedStates<S> implements TailFollower {
  private readonly entries: LRUCache<string, StreamState<S>>;
  private readonly loadings = new Map<string, Loading<S>>();
  private readonly fromBirth: boolean;
  private takenUpTo = -1n;

  constructor(
    private readonly tail: LogTail,
    private readonly read: ReadStream,
    readonly category: string,
    private readonly fold: Fold<S, never>,
    { entriesMax = 10_000, bytes, fromBirth = false }: FollowedStatesOptions<S> = {},
  ) {
    this.entries = new LRUCache(
      bytes
        ? { max: entriesMax, maxSize: bytes.max, sizeCalculation: ({ state }) => 1 + bytes.of(state) }
        : entriesAtMost(entriesMax),
    );
    this.fromBirth = fromBirth;
    tail.follow(this);
  }

  /**
   * The stream's state at `present` or later; revision -1 and the initial state when there is no such stream. The states
   * that one decision looks at share its moment, and so one read.
   */
  async get(id: string, present: Present = this.tail.present()): Promise<StreamState<S>> {
    if (!this.tail.isFollowed) await present.reached;
    for (let tries = 1; tries < triesMax; tries += 1) {
      if (!this.entries.has(id)) {
        const begun = this.loadings.get(id);
        // A load that had begun before this call may have missed what was acknowledged since: the tail has it.
        if (!begun && !this.fromBirth) return this.load(id);
        await begun?.result;
      }
      await present.reached;
      const known = this.entries.get(id);
      if (known) return known;
      if (!this.loadings.has(id)) return this.load(id);
    }
    return this.folded(emptyStream(this.fold.initial), await this.read(this.category, id));
  }

  /** The stream's state as far as the tail has brought it, without a read; undefined when it is not remembered. */
  known(id: string): StreamState<S> | undefined {
    return this.entries.get(id);
  }

  /** For the tail. */
  take(event: LogEvent): void {
    const { id } = event;
    const loading = this.loadings.get(id);
    // An event that comes again must not bring back a stream as it was long ago.
    const isNew = event.position > this.takenUpTo;
    if (isNew) this.takenUpTo = event.position;
    const isBorn = this.fromBirth && !loading && event.revision === 0 && isNew;
    const known = this.entries.peek(id) ?? (isBorn ? emptyStream(this.fold.initial) : undefined);
    // Most are of streams that nobody asks for: their JSON is not even parsed.
    if (!known && !loading) return;
    const recorded = event.read();
    if (loading?.missed) {
      loading.missed.push(event);
      if (loading.missed.length > missedMax) loading.missed = null;
    }
    if (!known) return;
    const after = this.next(known, recorded);
    if (after) this.entries.set(id, after);
    else this.entries.delete(id);
  }

  /** For the tail. */
  forget(): void {
    this.entries.clear();
    for (const loading of this.loadings.values()) loading.missed = null;
  }

  private load(id: string): Promise<StreamState<S>> {
    const loading: Loading<S> = {
      missed: [],
      result: this.read(this.category, id).then((events) => this.loaded(id, events)),
    };
    this.loadings.set(id, loading);
    return loading.result.finally(() => this.loadings.delete(id));
  }

  private loaded(id: string, events: RecordedEvent[]): StreamState<S> {
    const read = this.folded(emptyStream(this.fold.initial), events);
    const missed = this.loadings.get(id)?.missed;
    if (!missed) return read;
    let state: StreamState<S> | undefined = read;
    for (const event of missed) state = state && this.next(state, event.read());
    if (state) this.entries.set(id, state);
    return state ?? read;
  }

  /** The state after the stream's next event; the same for one that it has; undefined where one is missing between. */
  private next(known: StreamState<S>, recorded: RecordedEvent | undefined): StreamState<S> | undefined {
    if (!recorded || recorded.revision > known.revision + 1) return undefined;
    return recorded.revision <= known.revision ? known : this.folded(known, [recorded]);
  }

  private folded(known: StreamState<S>, events: RecordedEvent[]): StreamState<S> {
    return applyEvents(known, events as RecordedEvent<never>[], this.fold.evolve);
  }
}
