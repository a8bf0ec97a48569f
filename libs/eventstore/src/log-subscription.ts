import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { HarkError } from '@hark/kernel';
import { brokenCall } from './append-refusal';
import { ClientLease } from './connection';
import { LogEvent, LogMessage, logMessageOf } from './log-event';
import { openRead } from './open-client';

/** Which part of the log: streams of these categories, or events whose type begins so, whatever their stream. */
export type LogFilter = { readonly categories: readonly string[] } | { readonly types: readonly string[] };

/** Who is called with what a subscription brings. Nobody is called after `close`. */
export interface LogListener {
  event(event: LogEvent): void;
  /** Everything that was in the log when the subscription began has been given to `event`. May come again later. */
  caughtUp(): void;
  /** The subscription is over. */
  failed(error: HarkError): void;
}

// EventStoreDB sends a checkpoint every 32 × this many events. Few, because we keep our own positions and use none.
const checkpointInterval = 1_000;

/**
 * The events of the log after a position, history and present, in order: a catch-up subscription to `$all` without the
 * client's (6.2.1) conversion, which costs as much again as the call.
 */
export class LogSubscription {
  private call: ClientReadableStream<LogMessage> | undefined;
  private paused = false;
  private closed = false;

  /** Begins after the position `after`; -1 is before the first event. */
  constructor(
    private readonly session: ClientLease,
    filter: LogFilter,
    after: bigint,
    private readonly listener: LogListener,
  ) {
    session.over.addEventListener('abort', this.over);
    void this.open(requestOf(filter, after));
  }

  /** Nothing more comes until `resume`, but for what is on its way already. */
  pause(): void {
    this.paused = true;
    this.call?.pause();
  }

  resume(): void {
    this.paused = false;
    this.call?.resume();
  }

  get isPaused(): boolean {
    return this.paused;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.session.over.removeEventListener('abort', this.over);
    this.call?.cancel();
  }

  private async open(request: ReadReq): Promise<void> {
    try {
      const call = await openRead(this.session.client, request, logMessageOf);
      // Also after `close`: a call that is cancelled ends with an error that somebody must hear.
      call.on('error', (error) => this.fail(brokenCall(error)));
      if (this.closed) return call.cancel();
      this.call = call;
      call.on('end', () => this.fail(ended()));
      call.on('data', (message: LogMessage) => this.take(message));
      if (this.paused) call.pause();
    } catch (error) {
      this.fail(brokenCall(error));
    }
  }

  private take(message: LogMessage): void {
    if (this.closed) return;
    if (message === 'caught-up') this.listener.caughtUp();
    else if (message !== 'other') this.listener.event(message);
  }

  private readonly over = (): void => this.fail(ended());

  private fail(error: HarkError): void {
    if (this.closed) return;
    this.close();
    this.listener.failed(error);
  }
}

const ended = () => new HarkError('unavailable', 'eventstore.ended', 'the subscription ended');

function requestOf(filter: LogFilter, after: bigint): ReadReq {
  const all = new ReadReq.Options.AllOptions();
  if (after < 0n) all.setStart(new Empty());
  else {
    const position = new ReadReq.Options.Position();
    all.setPosition(position.setCommitPosition(String(after)).setPreparePosition(String(after)));
  }
  const prefixes = new ReadReq.Options.FilterOptions.Expression();
  const options = new ReadReq.Options.FilterOptions()
    .setCount(new Empty())
    .setCheckpointintervalmultiplier(checkpointInterval);
  if ('types' in filter) options.setEventType(prefixes.setPrefixList([...filter.types]));
  else options.setStreamIdentifier(prefixes.setPrefixList(filter.categories.map((category) => `${category}-`)));
  return new ReadReq().setOptions(
    new ReadReq.Options()
      .setAll(all)
      .setReadDirection(ReadReq.Options.ReadDirection.FORWARDS)
      .setResolveLinks(false)
      .setSubscription(new ReadReq.Options.SubscriptionOptions())
      .setFilter(options)
      .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty())),
  );
}
