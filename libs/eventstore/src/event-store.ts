import { EventStoreDBClient } from '@eventstore/db-client';
import { DomainEvent, Fold, HarkError, uuid5 } from '@hark/kernel';
import { Appended, AppendStream, ProposedEvent } from './append-stream';
import { CommandContext } from './command-context';
import { ClientLease, Connection } from './connection';
import { checkEvent, EventSchemas } from './event-schemas';
import { readHead } from './read-head';
import { readPage } from './read-page';
import { EventMetadata, RecordedEvent } from './recorded-event';
import { StateCache, StateCacheOptions } from './state-cache';
import { toHarkError } from './store-error';
import { streamName } from './stream-name';

/** Bounds and shapes of an `EventStore`. */
export interface EventStoreOptions {
  /** What each event type's data must look like, checked before every append. Without it nothing is checked. */
  readonly schemas?: EventSchemas;
  /** How long one append or one page of a read may take. */
  readonly deadlineMs?: number;
  /** Called after every acknowledged append, for metrics. Must not throw. */
  readonly onAppended?: (streamId: string, events: readonly DomainEvent[]) => void;
}

const pageEventsMax = 500;
const pagesMax = 200;
// One quick second try hides the reconnection after a restart of the store. Further tries are the caller's decision.
const triesMax = 2;

/** The event log. One per process; safe to share. Every failure is a `HarkError`. */
export class EventStore {
  readonly schemas: EventSchemas | undefined;
  private readonly deadlineMs: number;
  private readonly onAppended: EventStoreOptions['onAppended'];

  private readonly appends = new WeakMap<EventStoreDBClient, AppendStream>();

  private constructor(
    private readonly connection: Connection,
    options: EventStoreOptions,
  ) {
    this.schemas = options.schemas;
    this.deadlineMs = options.deadlineMs ?? 5_000;
    this.onAppended = options.onAppended;
  }

  /** Opens nothing yet: the first call dials. `url` is an EventStoreDB connection string. */
  static connect(url: string, options: EventStoreOptions = {}): EventStore {
    return new EventStore(new Connection(url), options);
  }

  /** The client in use. It may be replaced, so ask each time and do not keep it. */
  get client(): EventStoreDBClient {
    return this.connection.session.client;
  }

  /** The client in use for a subscription. Make the subscription anew when `over` aborts. */
  get session(): ClientLease {
    return this.connection.session;
  }

  /** All events of a stream from `fromRevision` on, in order; `[]` when there are none or no such stream. */
  async read(category: string, id: string, fromRevision = 0): Promise<RecordedEvent[]> {
    const streamId = streamName(category, id);
    let events: RecordedEvent[] = [];
    let from = fromRevision;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await this.call((client) => readPage(client, streamId, from, pageEventsMax, this.deadlineMs));
      events = events.length === 0 ? page.events : events.concat(page.events);
      if (page.next === undefined) return events;
      from = page.next;
    }
    throw new HarkError('unavailable', 'eventstore.stream-too-long', `${streamId} has more events than are ever read`);
  }

  /** What `fold` makes of the streams of a category: `store.streams('app', appFold).get(appId)`. Make one and keep it. */
  streams<S>(category: string, fold: Fold<S, never>, options: StateCacheOptions = {}): StateCache<S> {
    return new StateCache(this, category, fold, options);
  }

  /**
   * Appends all of `events` or none, after the revision the caller read.
   *
   * Event ids are derived from the command's id and body, the stream and the place in the list (plus `firstIndex`), so the same
   * call again after `unavailable` writes nothing twice. Throws `conflict` `eventstore.lost-race` when the stream is not
   * at `expected`, `invalid` `event.invalid` when an event does not fit its schema, `unavailable` otherwise.
   */
  async append(
    category: string,
    id: string,
    expected: number | 'no-stream',
    events: readonly DomainEvent[],
    context: CommandContext,
    firstIndex = 0,
  ): Promise<Appended> {
    const streamId = streamName(category, id);
    if (events.length === 0) throw new TypeError('nothing to append');
    for (const event of events) checkEvent(this.schemas, event);
    const metadata = Buffer.from(JSON.stringify(metadataOf(context)));
    // Two bodies under one command id must not share event ids: the store would take the second for a repeat of the
    // first.
    const asked = context.requestHash === undefined ? '' : `:${context.requestHash}`;
    const proposed = events.map((event, index): ProposedEvent => ({
      id: uuid5(context.commandId, `${streamId}:${firstIndex + index}${asked}`),
      type: event.type,
      data: Buffer.from(JSON.stringify(event.data)),
      metadata,
    }));
    const appended = await this.call((client) =>
      this.appendsOf(client).append(streamId, expected, proposed, this.deadlineMs),
    );
    this.onAppended?.(streamId, events);
    return appended;
  }

  /** The position of the log's last event, whatever stream it is in; -1 when the log is empty. */
  head(): Promise<bigint> {
    return this.call((client) => readHead(client, this.deadlineMs));
  }

  /** Resolves when the store answers; for readiness. */
  async ping(): Promise<void> {
    // Any id will do: "stream not found" is an answer too.
    await this.read('ping', '00000000-0000-7000-8000-000000000000');
  }

  /** Ends every open stream. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private appendsOf(client: EventStoreDBClient): AppendStream {
    const known = this.appends.get(client);
    if (known) return known;
    const made = new AppendStream(client);
    this.appends.set(client, made);
    return made;
  }

  private async call<T>(work: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const { session } = this;
      try {
        return await work(session.client);
      } catch (error) {
        const failure = toHarkError(error);
        if (failure.code === 'eventstore.timeout') this.connection.silent(session);
        if (failure.code !== 'eventstore.unavailable' || tries >= triesMax) throw failure;
      }
    }
  }
}

// Members without a value are left out by JSON.
const metadataOf = (context: CommandContext): EventMetadata & Record<string, unknown> => ({
  $correlationId: context.correlationId,
  $causationId: context.causationId,
  actor: context.actor,
  requestId: context.requestId,
  commandId: context.commandId,
  requestHash: context.requestHash,
  traceparent: context.traceparent,
  schema: 1,
});
