import { CustomTransportStrategy, MessageHandler, Server } from '@nestjs/microservices';
import type { Msg, NatsConnection, NatsError, Subscription } from 'nats';
import { isObservable, lastValueFrom } from 'rxjs';
import { HarkError, Logger, silentLogger } from '@hark/kernel';
import { withTimeout } from '@hark/resilience';
import { CallerTokens } from './caller-tokens';
import { HarkContext } from './hark-context';
import { readPayload } from './payload';
import { readContext, readHeaders, requestHeaders } from './request-context';
import { WireError, wireErrorOf } from './wire-error';

/** What a service needs in order to answer requests. */
export interface HarkNatsServerOptions {
  /** Shared with the service's own requests. The server does not close it. */
  readonly connection: NatsConnection;
  /** Queue group: one of the replicas in it gets each request. */
  readonly queue: string;
  /** The key that callers are signed with. */
  readonly callerKey: Buffer;
  /** Requests under way at once; the next is answered `unavailable` `service.overloaded`. Default 256. */
  readonly inFlightMax?: number;
  readonly log?: Logger;
  /** Translates what a handler threw, e.g. a driver's error into an outage. Unchanged without this. */
  readonly mapError?: (error: unknown) => unknown;
  /** For tests: throws when a reply does not fit its subject's contract; that error is then the answer. */
  readonly checkReply?: (subject: string, reply: unknown) => void;
  /** Called with the result of every answer: `ok`, or the error's code. */
  readonly observe?: (subject: string, code: string, durationMs: number) => void;
}

/** The bound on requests at work at once in one service. */
export const inFlightMaxDefault = 256;
const drainTimeoutMs = 8_000;
/** How long the server may take to confirm that no request comes any more; it may be stopping itself. */
const unsubscribeTimeoutMs = 1_000;

/** What is known of a request so far, for its answer and the log. */
interface RequestIds {
  id?: string;
  requestId?: string;
}

type Reply = { response: unknown } | { err: WireError };

/**
 * Serves Nest message handlers over NATS. Only a request with a readable payload, a signed caller and time left is
 * carried out; every other one is answered with a typed error. Neither a message nor a handler's error can end the
 * process or the connection. A message without a reply subject is dropped, because nobody could be told the result.
 *
 * `close()` takes no further requests, waits until those under way are answered (at most 8 s) and returns.
 */
export class HarkNatsServer extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly tokens: CallerTokens;
  private readonly inFlightMax: number;
  private readonly log: Logger;
  private running = 0;
  private idle: (() => void) | undefined;

  constructor(private readonly options: HarkNatsServerOptions) {
    super();
    this.tokens = new CallerTokens(options.callerKey);
    this.inFlightMax = options.inFlightMax ?? inFlightMaxDefault;
    this.log = options.log ?? silentLogger;
  }

  /** Requests being carried out at this moment. */
  get inFlight(): number {
    return this.running;
  }

  /** Subscribes every handler's subject; called by Nest. */
  listen(callback: (error?: unknown) => void): void {
    try {
      for (const [subject, handler] of this.messageHandlers) this.subscribe(subject, handler);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Resolves once the server holds the subscriptions, so that a request sent from now on finds them. */
  async flushed(): Promise<void> {
    await this.options.connection.flush();
  }

  async close(): Promise<void> {
    const { connection } = this.options;
    const held = connection.isClosed() ? [] : this.subscriptions.splice(0);
    // Once a subscription is drained, every request that was delivered to us has begun.
    const drained = Promise.allSettled(held.map((subscription) => subscription.drain()));
    await withTimeout(unsubscribeTimeoutMs, drained, () => undefined);
    await withTimeout(drainTimeoutMs - unsubscribeTimeoutMs, this.untilIdle(), () => undefined);
    if (this.running > 0) this.log.warn({ inFlight: this.running }, 'stopped with requests unanswered');
  }

  on(): never {
    throw new TypeError('this server has no events');
  }

  unwrap<T>(): T {
    return this.options.connection as T;
  }

  private subscribe(subject: string, handler: MessageHandler): void {
    const { connection, queue } = this.options;
    // nats.js (2.x) closes the whole connection when a callback throws, so this one must not.
    const callback = (error: NatsError | null, message: Msg): void => {
      if (error) this.log.error({ subject, code: error.code }, 'subscription failed');
      else if (message.reply) void this.serve(subject, handler, message);
    };
    this.subscriptions.push(connection.subscribe(subject, { queue, callback }));
  }

  /** Never rejects. */
  private async serve(subject: string, handler: MessageHandler, message: Msg): Promise<void> {
    const startedAt = performance.now();
    const request: RequestIds = {};
    this.running++;
    try {
      if (this.running > this.inFlightMax) throw overloaded();
      const response = await this.carryOut(subject, handler, message, request);
      this.options.checkReply?.(subject, response);
      this.reply(message, request.id, { response: response ?? null });
      this.observed(subject, 'ok', startedAt);
    } catch (thrown) {
      const error = this.options.mapError?.(thrown) ?? thrown;
      const err = wireErrorOf(error);
      this.logFailure(subject, err, error, request.requestId);
      this.reply(message, request.id, { err });
      this.observed(subject, err.code, startedAt);
    } finally {
      this.running--;
      if (this.running === 0) this.idle?.();
    }
  }

  private async carryOut(
    subject: string,
    handler: MessageHandler,
    message: Msg,
    request: RequestIds,
  ): Promise<unknown> {
    const payload = readPayload(message.data);
    request.id = payload.id;
    const headers = readHeaders(message);
    const verified = this.tokens.verify(headers.get(requestHeaders.caller), subject);
    const caller = verified instanceof Promise ? await verified : verified;
    const nowMs = Date.now();
    const context = readContext(headers, caller, subject, nowMs);
    request.requestId = context.requestId;
    if (context.deadlineMs <= nowMs) throw expired();
    const result: unknown = await handler(payload.data, new HarkContext(message.headers, context));
    return isObservable(result) ? lastValueFrom(result, { defaultValue: null }) : result;
  }

  /**
   * Never throws: an answer that cannot be written is replaced by an error that can; after a lost connection the caller
   * times out.
   */
  private reply(message: Msg, id: string | undefined, reply: Reply): void {
    try {
      message.respond(JSON.stringify({ id, isDisposed: true, ...reply }));
    } catch (error) {
      this.log.error({ subject: message.subject, err: error }, 'answer could not be sent');
      if ('err' in reply) return;
      this.reply(message, id, { err: wireErrorOf(error) });
    }
  }

  /** A HarkError by its code; anything else with its stack, because it is a defect. */
  private logFailure(subject: string, { kind, code }: WireError, error: unknown, requestId?: string): void {
    if (error instanceof HarkError) this.log.info({ subject, requestId, kind, code }, 'request not carried out');
    else this.log.error({ subject, requestId, err: error }, 'request failed');
  }

  private observed(subject: string, code: string, startedAt: number): void {
    this.options.observe?.(subject, code, performance.now() - startedAt);
  }

  private untilIdle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => (this.idle = resolve));
  }
}

const overloaded = () =>
  new HarkError('unavailable', 'service.overloaded', 'too many requests at once', { extra: { retryAfter: 1 } });
const expired = () => new HarkError('unavailable', 'request.deadline', 'the request came too late to be begun');
