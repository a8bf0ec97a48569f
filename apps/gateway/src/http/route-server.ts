import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { batchPushesMax, noFields, parse, Reply, SessionReply } from '@hark/contracts';
import { HarkError, parseId } from '@hark/kernel';
import { Allowance, RateLimit, rateLimitHeaders, RateLimits } from '@hark/service';
import { namesOfSenders, notFoundCodes, Route, RouteInput } from '../routes/route';
import { LiveSessions } from '../session/live-sessions';
import { SessionCookie } from '../session/session-cookie';
import { AddressGuard } from './address-guard';
import { authorise, Authorised } from './authorise';
import { ConnectionGuard } from './connection-guard';
import { frameworkErrorOf } from './framework-error';
import { LargeBodies } from './large-bodies';
import { checkNoKeyInUrl, misplacedKey } from './misplaced-key';
import { NearRoutes } from './near-routes';
import { bodyOf } from './plain-body';
import { Problem, problemOf } from './problem';
import { batchBytesMax, batchJson } from './read-body';
import { bearerOf, localeOf, methodMeant } from './request-headers';
import { insteadOf, RouteAsker, RouteAskerParts } from './route-asker';
import { writeAnswer, writeProblem } from './write-answer';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What the route server works with. */
export interface RouteServerParts extends RouteAskerParts {
  /** Where the gateway is reached from outside; known once it listens. */
  readonly publicUrl: () => string;
  /** Rates of callers with a session, key or secret, and of addresses before the caller is known. */
  readonly rates: { readonly caller: RateLimit; readonly address: RateLimit };
  readonly connections: ConnectionGuard;
  readonly sessions: Pick<LiveSessions, 'verify' | 'knownUser' | 'isSigned'>;
  readonly logUnexpected: (error: unknown, requestId: string) => void;
}

/**
 * Serves the route table: reads, authorises, has the service asked over NATS (`RouteAsker`), answers. All API calls go
 * through it.
 */
export class RouteServer {
  private readonly rates = new RateLimits();
  private readonly addresses: AddressGuard;
  /** Asks the services; what is asked through it alone was not let in by this class. */
  readonly asker: RouteAsker;
  /** Whose connections are counted for whom; it watches the server that this serves. */
  readonly connections: ConnectionGuard;
  private readonly largeBodies: LargeBodies;
  private readonly cookie: SessionCookie;
  private near = new NearRoutes([]);
  private inFlight = 0;

  constructor(private readonly parts: RouteServerParts) {
    this.addresses = new AddressGuard(this.rates, parts.rates.address, (token) => parts.sessions.isSigned(token));
    this.asker = new RouteAsker(parts);
    this.connections = parts.connections;
    this.largeBodies = new LargeBodies(parts.limits);
    this.cookie = new SessionCookie(parts.publicUrl);
  }

  /** Where people reach the hub; known once it listens. */
  get publicUrl(): string {
    return this.parts.publicUrl();
  }

  /** Registers every path of `routes`, answering 405 to the methods a path does not have. */
  register(server: FastifyInstance, routes: readonly Route[]): void {
    this.near = new NearRoutes(routes);
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

  /** Answers a path without a route, naming those that come near; whoever tries many is slowed down. */
  unknownPath(request: FastifyRequest): unknown {
    try {
      this.addresses.admit(request.ip, bearerOf(request.headers));
      const near = this.near.of(methodMeant(request.method, request.headers), request.url);
      return new HarkError('not-found', 'route.unknown', 'no such path', {
        ...(near.length > 0 && { errors: [{ path: '$', message: `did you mean ${near.join(', ')}?` }] }),
      });
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
    const allowance = await this.addresses.admitCaller(request.ip, bearer);
    const misplaced = row.access !== 'anyone' && bearer === undefined ? misplacedKey(request.headers) : undefined;
    if (misplaced) throw misplaced;
    const authorised = await authorise(row.access, bearer, this.parts.sessions);
    this.limitRate(authorised, allowance, reply, row.batch ? pushesIn(raw) : 1);
    const { credential } = authorised;
    const input: RouteInput = {
      params: checkedIds(row, params),
      query: row.plain ? {} : parse(row.query ?? noFields, request.query),
      body: parse(row.body ?? noFields, raw) as Record<string, unknown>,
      ...(credential !== undefined && { credential }),
      publicUrl: this.parts.publicUrl(),
    };
    reply.status(insteadOf(row, input)?.status ?? row.status);
    const answer = await this.asker.ask(row, input, request, reply, authorised, bearer);
    if (bearer !== undefined) this.addresses.proved(request.ip, bearer);
    const who = authorised.caller.userId ?? credential;
    if (who !== undefined) this.connections.known(request.raw.socket, who);
    return answer;
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

/** The ids in a path; a malformed one is answered like one that does not exist. */
function checkedIds(row: Route, params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, id] of Object.entries(params)) {
    if (!namesOfSenders.has(name)) parseId(id, row.notFoundCode ?? notFoundCodes[name] ?? 'route.unknown');
  }
  return params;
}

/** The HTTP methods under which a row of this method is served. */
const methodsServed: Readonly<Record<string, readonly string[]>> = { GET: ['GET', 'HEAD'], PATCH: ['PATCH', 'PUT'] };

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
