import { EventStoreDBClient } from '@eventstore/db-client';
import { DomainEvent, Fold, HarkError, uuid5 } from '@hark/kernel';
import { Appended, ProposedEvent } from './append-messages';
import { CommandContext } from './command-context';
import { ClientLease } from './connection';
import { checkEvent, EventSchemas } from './event-schemas';
import { FollowedStates, FollowedStatesOptions } from './followed-states';
import type { LogEvent } from './log-event';
import { Present } from './log-tail';
import { readHead } from './read-head';
import { readPage } from './read-page';
import { readLatest, readTail } from './read-tail';
import { EventMetadata, RecordedEvent } from './recorded-event';
import { StateCache, StateCacheOptions } from './state-cache';
import { sharedLink, StoreLink } from './store-link';
import { streamName } from './stream-name';

/** Bounds and shapes of an `EventStore`. */
export interface EventStoreOptions {
  /** What each event type's data must look like, checked before every append. Without it nothing is checked. */
  readonly schemas?: EventSchemas;
  /** How long one append or one page of a read may take. */
  readonly deadlineMs?: number;
  /** Use one connection, one call of appends and one tail together with all in this process that say so for the same address. */
  readonly share?: boolean;
  /** Called after every acknowledged append, for metrics. Must not throw. */
  readonly onAppended?: (streamId: string, events: readonly DomainEvent[]) => void;
}

const pageEventsMax = 500;
const pagesMax = 200;

/** The event log. One per process; safe to share. Every failure is a `HarkError`. */
export class EventStore {
  readonly schemas: EventSchemas | undefined;
  private readonly deadlineMs: number;
  private readonly onAppended: EventStoreOptions['onAppended'];
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly link: StoreLink,
    private readonly giveBack: () => Promise<void>,
    options: EventStoreOptions,
  ) {
    this.schemas = options.schemas;
    this.deadlineMs = options.deadlineMs ?? 5_000;
    this.onAppended = options.onAppended;
  }

  /** Opens nothing yet: the first call dials. `url` is an EventStoreDB connection string. */
  static connect(url: string, options: EventStoreOptions = {}): EventStore {
    if (options.share) {
      const { link, giveBack } = sharedLink(url);
      return new EventStore(link, giveBack, options);
    }
    const link = new StoreLink(url);
    return new EventStore(link, () => link.connection.close(), options);
  }

  /** The client in use. It may be replaced, so ask each time and do not keep it. */
  get client(): EventStoreDBClient {
    return this.link.connection.session.client;
  }

  /** The client in use for a subscription. Make the subscription anew when `over` aborts. */
  get session(): ClientLease {
    return this.link.connection.session;
  }

  /** All events of a stream from `fromRevision` on, in order; `[]` when there are none or no such stream. */
  async read(category: string, id: string, fromRevision = 0): Promise<RecordedEvent[]> {
    const streamId = streamName(category, id);
    let events: RecordedEvent[] = [];
    let from = fromRevision;
    for (let pages = 0; pages < pagesMax; pages += 1) {
      const page = await this.link.call((client) => readPage(client, streamId, from, pageEventsMax, this.deadlineMs));
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
   * What `fold` makes of the streams of a category that others write, brought up to date by the log's tail: cheaper than
   * `streams` where decisions look at many streams that seldom change. Make one and keep it.
   */
  follow<S>(category: string, fold: Fold<S, never>, options: FollowedStatesOptions<S> = {}): FollowedStates<S> {
    const read = (of: string, id: string) => this.read(of, id);
    return new FollowedStates(this.link.tail, read, category, fold, options);
  }

  /** A moment not before this call. States asked for with it are as they were then or later; all who ask now share a read. */
  present(): Present {
    return this.link.tail.present();
  }

  /** A moment after the event at `position` and at most `ageMsMax` ago; costs no read where one has just been that far. */
  presentAfter(position: bigint, ageMsMax: number): Present {
    return this.link.tail.presentAfter(position, ageMsMax);
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
    const appended = await this.link.call((client) =>
      this.link.appendsOf(client).append(streamId, expected, proposed, this.deadlineMs),
    );
    this.link.saw(appended.position);
    this.onAppended?.(streamId, events);
    return appended;
  }

  /** The position of the log's last event, whatever stream it is in; -1 when the log is empty. */
  head(): Promise<bigint> {
    return this.link.call((client) => readHead(client, this.deadlineMs));
  }

  /** The first event of these categories behind the position `after`; undefined when there is none. */
  async firstAfter(categories: readonly string[], after: bigint): Promise<LogEvent | undefined> {
    const [first] = await this.link.call((client) => readTail(client, categories, after, 1, this.deadlineMs));
    return first;
  }

  /** The latest events of these types before the position `before` (without it: of the log), latest first. */
  latest(types: readonly string[], before: bigint | undefined, eventsMax: number): Promise<LogEvent[]> {
    return this.link.call((client) => readLatest(client, types, before, eventsMax, this.deadlineMs));
  }

  /** Resolves when the store answers; for readiness. */
  async ping(): Promise<void> {
    // Any id will do: "stream not found" is an answer too.
    await this.read('ping', '00000000-0000-7000-8000-000000000000');
  }

  /** Ends every open stream; of a shared connection when the last one closes. Idempotent. */
  close(): Promise<void> {
    return (this.closed ??= this.giveBack());
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
