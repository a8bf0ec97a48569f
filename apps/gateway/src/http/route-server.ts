import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { batchPushesMax, Locale, noFields, parse, Reply, SessionReply } from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import { HarkError, optional, parseId } from '@hark/kernel';
import { Caller, RpcClient } from '@hark/nats';
import { Allowance, RateLimit, rateLimitHeaders, RateLimits } from '@hark/service';
import { Changes, streamPageMax, streamType } from '../live/event-stream';
import { OpenStreams, StreamAsked } from '../live/open-streams';
import { namesOfSenders, notFoundCodes, Route, RouteInput } from '../routes/route';
import { LiveSessions } from '../session/live-sessions';
import { SessionCookie } from '../session/session-cookie';
import { AddressGuard } from './address-guard';
import { addressName } from './address-name';
import { askInParts } from './ask-in-parts';
import { authorise, Authorised } from './authorise';
import { CallerSlots } from './caller-slots';
import { frameworkErrorOf } from './framework-error';
import { HttpLimits } from './http-limits';
import { commandIdentity } from './idempotency';
import { LargeBodies } from './large-bodies';
import { checkNoKeyInUrl, misplacedKey } from './misplaced-key';
import { bodyOf } from './plain-body';
import { Problem, problemOf } from './problem';
import { batchBytesMax, batchJson } from './read-body';
import {
  bearerOf,
  header,
  lastEventIdOf,
  localeOf,
  methodMeant,
  namedLocaleOf,
  positionOf,
  traceparentOf,
} from './request-headers';
import { untilRefused } from './watch-access';
import { writeAnswer, writeProblem } from './write-answer';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What the route server works with. */
export interface RouteServerParts {
  readonly requests: Pick<RpcClient, 'request'>;
  readonly sessions: Pick<LiveSessions, 'verify' | 'knownUser'>;
  readonly limits: HttpLimits;
  readonly streams: OpenStreams;
  /** Where the gateway is reached from outside; known once it listens. */
  readonly publicUrl: () => string;
  /** Rates of callers with a session, key or secret, and of addresses before the caller is known. */
  readonly rates: { readonly caller: RateLimit; readonly address: RateLimit };
  readonly logUnexpected: (error: unknown, requestId: string) => void;
}

/** What the gateway knows of a call beside its input. */
interface CallFacts {
  readonly caller: Caller;
  /** Whose command it is; absent for somebody unknown. */
  readonly callerName: string | undefined;
  readonly position: string | undefined;
  readonly locale: Locale;
}

/** Serves the route table: reads, authorises, asks the service over NATS, answers. All API calls go through it. */
export class RouteServer {
  private readonly rates = new RateLimits();
  private readonly addresses: AddressGuard;
  private readonly slots: CallerSlots;
  private readonly waiting: CallerSlots;
  private readonly largeBodies: LargeBodies;
  private readonly cookie: SessionCookie;
  private inFlight = 0;

  constructor(private readonly parts: RouteServerParts) {
    this.addresses = new AddressGuard(this.rates, parts.rates.address);
    this.slots = new CallerSlots(parts.limits.inFlightPerCallerMax);
    this.waiting = new CallerSlots(parts.limits.waitingPerCallerMax);
    this.largeBodies = new LargeBodies(parts.limits);
    this.cookie = new SessionCookie(parts.publicUrl);
  }

  /** Registers every path of `routes`, answering 405 to the methods a path does not have. */
  register(server: FastifyInstance, routes: readonly Route[]): void {
    for (const [path, rows] of Map.groupBy(routes, ({ path }) => path)) {
      const byMethod = new Map<string, Route>(rows.map((row) => [row.method, row]));
      const allow = [...byMethod.keys()].flatMap((method) => methodsServed[method] ?? method).join(', ');
      server.route({
        method: [...methods],
        url: path,
        exposeHeadRoute: false,
        ...(rows.some(({ batch }) => batch) && this.ofBatches),
        errorHandler: (error, request, reply) => void this.sendProblem(error, request, reply),
        handler: (request, reply) => this.answer(byMethod, allow, request, reply),
      });
    }
  }

  /** A batch may be large. It waits for a place before its body is read. */
  private readonly ofBatches = {
    bodyLimit: batchBytesMax,
    config: { json: batchJson },
    onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      try {
        reply.raw.once('close', this.largeBodies.take(request));
      } catch (error) {
        this.sendProblem(error, request, reply);
        return;
      }
      done();
    },
  };

  /** Answers a path without a route; whoever tries many is slowed down. */
  unknownPath(request: FastifyRequest): unknown {
    try {
      this.addresses.admit(request.ip, bearerOf(request.headers));
      return new HarkError('not-found', 'route.unknown', 'no such path');
    } catch (error) {
      return error;
    }
  }

  /** Counts a call that no row serves; throws `request.rate-limited`. */
  admit({ ip, headers }: FastifyRequest): void {
    this.addresses.admit(ip, bearerOf(headers));
  }

  /** The call showed an invented credential: its address pays as for any other. */
  refusedTrial({ ip, headers }: FastifyRequest): void {
    this.addresses.refused(ip, 'key.invalid', bearerOf(headers));
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

  /**
   * Asks what `row` asks for a sender who came by another door, which has read the body and the credential in its own
   * way. Throws why not; sets no status that the door cannot change.
   */
  async askAs(
    row: Route,
    body: object,
    credential: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Reply<unknown>> {
    if (this.inFlight >= this.parts.limits.inFlightMax) throw overloaded();
    this.inFlight++;
    try {
      return await this.letIn(row, {}, body, credential, request, reply);
    } finally {
      this.inFlight--;
    }
  }

  /** Answers any failure with a problem document. */
  sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return writeProblem(reply, this.problemFor(error, request, bearerOf(request.headers)));
  }

  /** The problem that a failure is. Logs those that are our own fault; whoever tries `bearer`s pays for it. */
  problemFor(error: unknown, request: FastifyRequest, bearer: string | undefined): Problem {
    const problem = problemOf(frameworkErrorOf(error, request), request.id, localeOf(request.headers));
    if (problem.code === 'hark.internal') this.parts.logUnexpected(error, request.id);
    this.addresses.refused(request.ip, problem.code, bearer);
    return problem;
  }

  private async answer(
    byMethod: ReadonlyMap<string, Route>,
    allow: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    if (this.inFlight >= this.parts.limits.inFlightMax) return this.sendProblem(overloaded(), request, reply);
    this.inFlight++;
    try {
      const row = byMethod.get(methodMeant(request.method, request.headers));
      if (!row) {
        reply.header('allow', allow);
        throw new HarkError('invalid', 'method.not-allowed', 'this path has no such method', { extra: { allow } });
      }
      const inCookie = row.session !== undefined && this.cookie.wanted(request.headers);
      const answer = await this.forward(row, request, reply, inCookie);
      if (reply.sent) return reply; // a stream has begun
      return writeAnswer(reply, row, inCookie ? this.withoutToken(row, answer, reply) : answer);
    } catch (error) {
      return this.sendProblem(error, request, reply);
    } finally {
      this.inFlight--;
    }
  }

  /** Moves the refresh token of an answer into the browser's cookie, or takes that away with the session. */
  private withoutToken(row: Route, answer: Reply<unknown>, reply: FastifyReply): Reply<unknown> {
    if (row.session === 'ends') this.cookie.write(reply, '', 0);
    const body = answer.body as Partial<SessionReply> | undefined;
    if (body?.refreshToken === undefined) return answer;
    this.cookie.write(reply, body.refreshToken, body.refreshExpiresIn ?? 0);
    return { ...answer, body: { ...body, refreshToken: '' } };
  }

  /** Reads body and credential, and has the call answered. */
  private async forward(
    row: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    inCookie: boolean,
  ): Promise<Reply<unknown>> {
    const { headers } = request;
    if (row.access !== 'anyone') checkNoKeyInUrl(request.query);
    const raw =
      inCookie && row.session === 'goes-on'
        ? { refreshToken: this.cookie.read(headers) }
        : bodyOf(row, request.body, request.query);
    const bearer = bearerOf(headers) ?? (row.access === 'credential' ? keyInBody(raw) : undefined);
    return this.letIn(row, request.params as Record<string, string>, raw, bearer, request, reply);
  }

  /** Lets the call in, or throws why not, and has it answered. */
  private async letIn(
    row: Route,
    params: Readonly<Record<string, string>>,
    raw: unknown,
    bearer: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Reply<unknown>> {
    const allowance = this.addresses.admit(request.ip, bearer);
    const misplaced = row.access !== 'anyone' && bearer === undefined ? misplacedKey(request.headers) : undefined;
    if (misplaced) throw misplaced;
    const authorised = await authorise(row.access, bearer, this.parts.sessions);
    this.limitRate(authorised, allowance, reply, row.batch ? pushesIn(raw) : 1);
    const { credential } = authorised;
    const input: RouteInput = {
      params: checkedIds(row, params),
      query: row.plain ? {} : parse(row.query ?? noFields, request.query),
      body: row.body ? (parse(row.body, raw) as Record<string, unknown>) : {},
      ...(credential !== undefined && { credential }),
      publicUrl: this.parts.publicUrl(),
    };
    reply.status(insteadOf(row, input)?.status ?? row.status);
    const answer = await this.ask(row, input, request, reply, authorised, bearer);
    if (bearer !== undefined) this.addresses.proved(request.ip, bearer);
    return answer;
  }

  /** Asks the service behind the row: once, part by part for a batch, or again and again for a stream. */
  private async ask(
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

  // Counted by the whole credential, not by its id: somebody who knows only the id cannot use up the owner's share.
  private limitRate(
    { caller, credential }: Authorised,
    ofAddress: Allowance | undefined,
    reply: FastifyReply,
    count: number,
  ): void {
    const who = caller.userId ?? credential;
    const { address, caller: limit } = this.parts.rates;
    if (who === undefined && ofAddress) reply.headers(rateLimitHeaders(address, ofAddress));
    if (who === undefined || limit.perSecond === 0) return;
    const allowance = this.rates.take(who, limit, performance.now(), count);
    reply.headers(rateLimitHeaders(limit, allowance));
    if (allowance.allowed) return;
    throw new HarkError('refused', 'request.rate-limited', 'too many requests', {
      extra: { retryAfter: allowance.retryAfterSeconds },
    });
  }
}

/** The other answer that a row has for some of its bodies. */
const insteadOf = ({ instead }: Route, { body }: RouteInput) => instead?.find(({ when }) => when(body));

/** The ids in a path; a malformed one is answered like one that does not exist. */
function checkedIds(row: Route, params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, id] of Object.entries(params)) {
    if (!namesOfSenders.has(name)) parseId(id, row.notFoundCode ?? notFoundCodes[name] ?? 'route.unknown');
  }
  return params;
}

/** The HTTP methods under which a row of this method is served. */
const methodsServed: Readonly<Record<string, readonly string[]>> = { GET: ['GET', 'HEAD'], PATCH: ['PATCH', 'PUT'] };

/** A proxy that kept parts of a stream back would make it late (`X-Accel-Buffering` is nginx's). */
const streamHeaders = { 'content-type': streamType, 'x-accel-buffering': 'no' };
/** How often the source of a stream is asked though nothing was told of it. What is missed is noticed, so this is seldom. */
const askEveryMs = 300_000;
/** And where it is a key or secret that lets read: only the source knows whether it still counts. */
const askOfCredentialEveryMs = 3_000;

const overloaded = () =>
  new HarkError('unavailable', 'service.overloaded', 'too many requests at once', { extra: { retryAfter: 1 } });

/** How many calls a batch counts as: the pushes in it, of which there cannot be more. */
function pushesIn(body: unknown): number {
  const { pushes } = (body ?? {}) as { pushes?: unknown };
  return Array.isArray(pushes) ? Math.min(Math.max(1, pushes.length), batchPushesMax) : 1;
}

const keyInBody = (body: unknown): string | undefined => {
  const key = (body as { key?: unknown } | null)?.key;
  return typeof key === 'string' ? key : undefined;
};
