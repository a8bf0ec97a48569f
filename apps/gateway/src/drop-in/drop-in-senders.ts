import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { Problem } from '../http/problem';
import { bodyBytesMax } from '../http/read-body';
import { RouteServer } from '../http/route-server';
import { readStrictJson } from '../http/strict-json';
import { pushRoute } from '../routes/push.routes';
import { bark } from './bark';
import { DropIn, DropInAnswer, DropInCall, Fields } from './drop-in';
import { gotify } from './gotify';
import { looksAhead } from './looks-ahead';
import { ntfy } from './ntfy';
import { serverchan } from './serverchan';

const dropIns: readonly DropIn[] = [bark, ntfy, gotify, serverchan];

/**
 * The APIs of Bark, ntfy, Gotify and Server酱, for tools that speak one of them: only the server's address and the key
 * change. Each call is translated to `POST /v1/pushes` and goes on as one, with its limits, checks and consent; only
 * binding keys are taken, since these protocols put the key into the address (`docs/adr/0090-drop-in-senders.md`).
 */
export class DropInSenders {
  constructor(private readonly served: RouteServer) {}

  register(server: FastifyInstance): void {
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_request, bytes, done) =>
        done(null, bytes),
      );
      for (const dropIn of dropIns) {
        for (const url of [`/${dropIn.name}`, `/${dropIn.name}/*`]) {
          scope.route({
            method: ['GET', 'POST', 'PUT'],
            url,
            exposeHeadRoute: false,
            errorHandler: (error, request, reply) => void this.refuse(dropIn, error, request, reply, undefined),
            handler: (request, reply) => this.answer(dropIn, request, reply),
          });
        }
      }
    });
  }

  private async answer(dropIn: DropIn, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const nowMs = Date.now();
    let key: string | undefined;
    let isCounted = false;
    try {
      const call = callOf(dropIn, request, nowMs);
      const aside = dropIn.aside?.(call);
      if (aside) {
        isCounted = true;
        this.served.admit(request);
        return write(reply, aside);
      }
      if (request.method === 'GET' && looksAhead(request.headers)) {
        throw new HarkError('refused', 'push.looked-ahead', 'a machine looked ahead at the address');
      }
      const meant = await dropIn.read(call);
      if (typeof meant.key === 'string') key = meant.key;
      const credential = bindingKey(key);
      isCounted = true;
      const { body, position, replayed } = await this.served.askAs(pushRoute, meant.push, credential, request, reply);
      if (position) reply.header('hark-position', position);
      if (replayed) reply.header('idempotency-replayed', 'true');
      return write(reply, dropIn.accepted(String((body as { id: string }).id), meant, nowMs));
    } catch (error) {
      return this.refuse(dropIn, isCounted ? error : this.counted(error, request), request, reply, key);
    }
  }

  /** The error of a call that was refused before it was counted; or that its address has used up its share. */
  private counted(error: unknown, request: FastifyRequest): unknown {
    try {
      this.served.admit(request);
      return error;
    } catch (limited) {
      return limited;
    }
  }

  private refuse(
    dropIn: DropIn,
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
    key: string | undefined,
  ): FastifyReply {
    const problem = this.served.problemFor(error, request, key);
    if (problem.status === 429 || problem.status === 503) {
      reply.header('retry-after', String(Math.ceil(Number(problem.retryAfter)) || 1));
    }
    return write(reply, dropIn.refused(problem, lineOf(problem, dropIn.names), Date.now()));
  }
}

/** An app's secret reaches all who granted the app something: it does not belong into an address. */
function bindingKey(key: string | undefined): string {
  if (key === undefined) throw new HarkError('refused', 'credential.required', 'no key was sent');
  if (!key.startsWith('hk_')) throw new HarkError('refused', 'key.invalid', 'what was sent is no binding key');
  return key;
}

const formPattern = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;

function callOf({ name }: DropIn, request: FastifyRequest, nowMs: number): DropInCall {
  const { headers, method } = request;
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const type = headers['content-type'] ?? '';
  return {
    method,
    parts: partsOf(request.url.slice(name.length + 1)),
    query: request.query as Fields,
    headers,
    nowMs,
    get text() {
      return textIn(bytes);
    },
    fields: async () => {
      if (bytes.length === 0) return {};
      const text = bytes.toString('utf8').trimStart();
      if (!formPattern.test(type) || text.startsWith('{')) return objectIn(bytes);
      try {
        const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
        return Object.fromEntries(form);
      } catch {
        throw new HarkError('invalid', 'request.malformed', 'the form cannot be read');
      }
    },
  };
}

// What is not percent-encoded UTF-8 was refused before, when the route was looked up.
const partsOf = (path: string): string[] =>
  path
    .split('?', 1)[0]!
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);

function objectIn(bytes: Buffer): Fields {
  const read = readStrictJson(bytes);
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Fields;
  throw new HarkError('invalid', 'request.invalid', 'the body is no object', {
    errors: [{ path: '$', message: 'must be an object' }],
  });
}

function textIn(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new HarkError('invalid', 'request.not-text', 'the body is not UTF-8');
  }
}

/** A problem in one line: what is wrong and, where fields are, which of them, under the names that were sent. */
function lineOf({ title, detail, code, errors }: Problem, names: Readonly<Record<string, string>>): string {
  const fields = errors?.map(({ path, message }) => `${names[path] ?? path} ${message}`).join('; ');
  return `${title}: ${fields ?? detail} (${code})`;
}

const write = (reply: FastifyReply, { status, body }: DropInAnswer): FastifyReply =>
  reply.status(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
