import type { FastifyReply, FastifyRequest } from 'fastify';
import { Locale, Reply } from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import { optional } from '@hark/kernel';
import { Caller, RpcClient } from '@hark/nats';
import { Changes, streamPageMax, streamType } from '../live/event-stream';
import { OpenStreams, StreamAsked } from '../live/open-streams';
import { Route, RouteInput } from '../routes/route';
import { LiveSessions } from '../session/live-sessions';
import { addressName } from './address-name';
import { askInParts } from './ask-in-parts';
import { Authorised } from './authorise';
import { CallerSlots } from './caller-slots';
import { HttpLimits } from './http-limits';
import { commandIdentity } from './idempotency';
import { problemOf } from './problem';
import { header, lastEventIdOf, localeOf, namedLocaleOf, positionOf, traceparentOf } from './request-headers';
import { untilRefused } from './watch-access';

/** What is needed to ask. */
export interface RouteAskerParts {
  readonly requests: Pick<RpcClient, 'request'>;
  readonly sessions: Pick<LiveSessions, 'verify' | 'knownUser'>;
  readonly limits: HttpLimits;
  readonly streams: OpenStreams;
}

/** What the gateway knows of a call beside its input. */
interface CallFacts {
  readonly caller: Caller;
  /** Whose command it is; absent for somebody unknown. */
  readonly callerName: string | undefined;
  readonly position: string | undefined;
  readonly locale: Locale;
}

/** Asks the service behind a row of the route table for a caller who was let in: once, in parts, or as a stream. */
export class RouteAsker {
  private readonly slots: CallerSlots;
  private readonly waiting: CallerSlots;

  constructor(private readonly parts: RouteAskerParts) {
    this.slots = new CallerSlots(parts.limits.inFlightPerCallerMax);
    this.waiting = new CallerSlots(parts.limits.waitingPerCallerMax);
  }

  /** Asks the service behind the row: once, part by part for a batch, or again and again for a stream. */
  async ask(
    row: Route,
    input: RouteInput,
    request: FastifyRequest,
    reply: FastifyReply,
    { caller, credential }: Authorised,
    bearer: string | undefined,
  ): Promise<Reply<unknown>> {
    // The credential's id names the caller, not its secret: after a rotation it is still the same caller.
    const callerName = caller.userId ?? credential?.split('_', 2).join('_');
    const source = addressName(request.ip);
    const who = callerName ?? source;
    const position = positionOf(request.headers);
    const locale = localeOf(request.headers);
    const askService = this.serviceOf(row, input, request, {
      caller: { ...caller, source },
      callerName,
      position,
      locale,
    });
    const ask = (asked: RouteInput, more: object = {}) => {
      const work = () => askService({ ...row.data(asked), ...more });
      return this.slots.run(who, () => (position === undefined ? work() : this.waiting.run(who, work)));
    };
    if (row.batch) return askInParts(input, ask, (error) => problemOf(error, request.id, locale));
    if (!row.stream) return ask(input);
    await this.stream(request, reply, who, {
      of: row.stream,
      // The whole credential: its id is no proof.
      sharedAs: `${credential ?? who} ${locale}`,
      begin: async (more) => (await ask(input, more)).body as Changes,
      ask: async (from, limit) =>
        (await this.slots.run(who, () => askService({ ...row.data(input), after: from, limit }))).body as Changes,
      untilRefused: (signal) => untilRefused(row.access, bearer, this.parts.sessions, signal),
      askEveryMs: credential === undefined ? askEveryMs : askOfCredentialEveryMs,
    });
    return { body: undefined };
  }

  /**
   * Asks a service on behalf of whoever followed a mail's link, with the one right that it gives. The link must have been
   * checked; whether it allows what is asked, the service says.
   */
  askByLink(
    { purpose, personId, bindingId, consentId, pushId }: MailLinkRight,
    subject: string,
    data: object,
    request: FastifyRequest,
    locale: Locale,
  ): Promise<Reply<unknown>> {
    const { headers } = request;
    const source = addressName(request.ip);
    return this.slots.run(personId, () =>
      this.parts.requests.request(subject, data, {
        caller: { kind: 'mail-link', roles: [], source, link: { purpose, personId, bindingId, consentId, pushId } },
        requestId: request.id,
        locale,
        client: { address: request.ip, ...optional('userAgent', header(headers, 'user-agent')) },
        timeoutMs: this.parts.limits.answerTimeoutMs,
      }),
    );
  }

  /** What sends a request to the service that the row names, with all that the gateway knows of the call. */
  private serviceOf(
    row: Route,
    input: RouteInput,
    { headers, ip, id }: FastifyRequest,
    { caller, callerName, position, locale }: CallFacts,
  ): (data: object) => Promise<Reply<unknown>> {
    const key = row.idempotent ? header(headers, 'idempotency-key') : undefined;
    const { params, query, body } = input;
    const identity = commandIdentity(key, callerName, `${row.method} ${row.path}`, [params, query, body]);
    const usual = typeof row.subject === 'string' ? row.subject : row.subject(input);
    const subject = insteadOf(row, input)?.subject ?? usual;
    return (data) =>
      this.parts.requests.request(subject, data, {
        caller,
        requestId: id,
        locale,
        ...identity,
        ...optional('clientLocale', namedLocaleOf(headers)),
        // Not of apps: nothing is decided by it there, and pushes are many.
        ...(input.credential === undefined && {
          client: { address: ip, ...optional('userAgent', header(headers, 'user-agent')) },
        }),
        ...optional('position', position),
        ...optional('traceparent', traceparentOf(headers)),
        timeoutMs: this.parts.limits.answerTimeoutMs,
      });
  }

  /** Begins a stream, once its source has answered; what goes wrong before that is thrown, and no place is kept. */
  private async stream(
    { method, headers }: FastifyRequest,
    reply: FastifyReply,
    who: string,
    { begin, ...asked }: StreamAsked & { readonly begin: (more: object) => Promise<Changes> },
  ): Promise<void> {
    const giveBack = this.parts.streams.take(who);
    let served: Promise<void> | undefined;
    try {
      const after = lastEventIdOf(headers);
      const { next, topic } = await begin({ ...optional('after', after), limit: streamPageMax });
      reply.headers(streamHeaders).hijack();
      reply.raw.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>);
      if (method === 'HEAD') reply.raw.end();
      else served = this.parts.streams.serve(reply.raw, after ?? next, topic, asked);
    } finally {
      if (served) void served.finally(giveBack);
      else giveBack();
    }
  }
}

/** The other answer that a row has for some of its bodies. */
export const insteadOf = ({ instead }: Route, { body }: RouteInput) => instead?.find(({ when }) => when(body));

/** A proxy that kept parts of a stream back would make it late (`X-Accel-Buffering` is nginx's). */
const streamHeaders = { 'content-type': streamType, 'x-accel-buffering': 'no' };
/** How often the source of a stream is asked though nothing was told of it. What is missed is noticed, so this is seldom. */
const askEveryMs = 300_000;
/** And where it is a key or secret that lets read: only the source knows whether it still counts. */
const askOfCredentialEveryMs = 3_000;
