import { Answer, parse } from '@hark/contracts';
import { HarkError, uuid7 } from '@hark/kernel';
import { NatsRequests, RequestContext } from '@hark/nats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Route, RouteInput } from '../routes/route';
import { SessionTokens } from '../session/session-tokens';
import { authorise } from './authorise';
import { commandIdentity } from './idempotency';
import { Problem, problemOf } from './problem';
import { bodyErrorOf } from './read-body';
import { bearerOf, header, localeOf, methodMeant, positionOf } from './request-facts';

/** How long a service may take to answer. */
const answerTimeoutMs = 5_000;
/** Requests being answered at once; one more is refused at once rather than queued. */
const inFlightMax = 1_000;
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Serves the route table: reads, authorises, asks the service over NATS, answers. There is no other way in. */
export class RouteServer {
  private inFlight = 0;

  constructor(
    private readonly requests: NatsRequests,
    private readonly sessions: SessionTokens,
    private readonly logUnexpected: (error: unknown, requestId: string) => void,
  ) {}

  /** Registers every path of `routes`, answering 405 to the methods a path does not have. */
  register(server: FastifyInstance, routes: readonly Route[]): void {
    const byPath = Map.groupBy(routes, ({ path }) => path);
    for (const [path, rows] of byPath) {
      const byMethod = new Map<string, Route>(rows.map((row) => [row.method, row]));
      server.route({ method: [...methods], url: path, handler: (request, reply) => this.answer(byMethod, request, reply) });
    }
  }

  /** Answers any failure as a problem document, and logs the ones that are our fault. */
  sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const requestId = uuid7();
    const problem = problemOf(bodyErrorOf(error), requestId, localeOf(request.headers));
    if (problem.code === 'hark.internal') this.logUnexpected(error, requestId);
    return writeProblem(reply, problem);
  }

  private async answer(byMethod: ReadonlyMap<string, Route>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const requestId = uuid7();
    reply.header('x-request-id', requestId);
    if (this.inFlight >= inFlightMax) {
      const overloaded = new HarkError('unavailable', 'service.overloaded', 'too many requests at once', { extra: { retryAfter: 1 } });
      return writeProblem(reply, problemOf(overloaded, requestId, localeOf(request.headers)));
    }
    this.inFlight++;
    try {
      const row = byMethod.get(methodMeant(request.method, request.headers));
      if (!row) {
        reply.header('allow', [...byMethod.keys()].join(', '));
        throw new HarkError('invalid', 'method.not-allowed', 'this path has no such method');
      }
      return writeAnswer(reply, row, await this.ask(row, request, requestId));
    } catch (error) {
      const problem = problemOf(error, requestId, localeOf(request.headers));
      if (problem.code === 'hark.internal') this.logUnexpected(error, requestId);
      return writeProblem(reply, problem);
    } finally {
      this.inFlight--;
    }
  }

  private async ask(row: Route, request: FastifyRequest, requestId: string): Promise<Answer<unknown>> {
    const { headers } = request;
    const raw: unknown = row.body ? (request.body ?? {}) : {};
    const bearer = bearerOf(headers) ?? (row.who === 'credential' ? keyInBody(raw) : undefined);
    const { caller, credential } = await authorise(row.who, bearer, this.sessions);
    const input: RouteInput = {
      params: request.params as Record<string, string>,
      query: row.query ? parse(row.query, request.query) : {},
      body: row.body ? (parse(row.body, raw) as Record<string, unknown>) : {},
      ...(credential !== undefined && { credential }),
    };
    // A credential's id, not its secret, names the caller: a rotated secret is still the same caller.
    const callerName = caller.userId ?? credential?.split('_', 2).join('_') ?? 'anyone';
    const key = row.creates ? header(headers, 'idempotency-key') : undefined;
    const context: Partial<RequestContext> = {
      caller,
      requestId,
      locale: localeOf(headers),
      ...commandIdentity(key, callerName, `${row.method} ${row.path}`, [input.params, input.query, input.body]),
      ...optional('position', positionOf(headers)),
      ...optional('traceparent', header(headers, 'traceparent')),
    };
    const subject = typeof row.subject === 'string' ? row.subject : row.subject(input);
    return this.requests.request(subject, row.data(input), { ...context, timeoutMs: answerTimeoutMs });
  }
}

function writeAnswer(reply: FastifyReply, row: Route, answer: Answer<unknown>): FastifyReply {
  if (answer.position) reply.header('hark-position', answer.position);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  if (row.location) reply.header('location', row.location(answer.body as Record<string, unknown>));
  reply.header('cache-control', 'no-store').status(row.status);
  return row.status === 204 ? reply.send() : reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer.body));
}

function writeProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503 || problem.status === 429) reply.header('retry-after', String(problem.retryAfter ?? 1));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').header('cache-control', 'no-store').send(JSON.stringify(problem));
}

const keyInBody = (body: unknown): string | undefined => {
  const key = (body as { key?: unknown } | null)?.key;
  return typeof key === 'string' ? key : undefined;
};

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [N in Name]?: string };

