import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HarkError, Logger, uuid7 } from '@hark/kernel';
import { frameworkLog } from '@hark/service';
import type { ConsoleFiles } from '../console/console-files';
import { GatewayModule } from '../gateway.module';
import { describeRoutes } from '../openapi/describe-routes';
import { Route } from '../routes/route';
import { answerByServer, answerClientError } from './client-error';
import { HttpLimits } from './http-limits';
import { PipelineBound } from './pipeline-bound';
import { ProblemFilter } from './problem.filter';
import { bodyBytesMax, readBodies } from './read-body';
import { responseHeaders } from './response-headers';
import { RouteServer } from './route-server';
import { checkSentOnce } from './sent-once';
import { TrustedProxies } from './trusted-proxies';

/** The HTTP server, ready to listen. It serves the table's routes, `/openapi.json` and `/docs`, and beside
 * them the console, where one was built. */
export async function createServer(
  routes: readonly Route[],
  served: RouteServer,
  limits: HttpLimits,
  log: Logger,
  proxies: TrustedProxies,
  files?: ConsoleFiles,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // The token of a mail's link has 120 characters; every id is shorter.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 120 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: () => uuid7(),
    exposeHeadRoutes: false,
    trustProxy: (address: string) => proxies.has(address),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers(responseHeaders(request.id));
      served.sendProblem(error, request, reply);
    },
    http: {
      headersTimeout: limits.headersTimeoutMs,
      maxHeaderSize: limits.headerBytesMax,
      connectionsCheckingInterval: limits.timeoutCheckMs,
      requireHostHeader: false, // Node would answer without saying why; the hook below does
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, adapter, {
    bodyParser: false,
    logger: frameworkLog(log),
    abortOnError: false, // else Nest ends the process, which may be running services too
  });
  app.useGlobalFilters(new ProblemFilter(served));
  const server = app.getHttpAdapter().getInstance();
  server.server.maxConnections = limits.connectionsMax;
  answerByServer(server.server);
  served.connections.watch(server.server);
  const pipelined = new PipelineBound(limits.pipelinedMax);
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(responseHeaders(request.id));
    reply.raw.once('close', () => pipelined.ended(request.raw));
    if (!pipelined.began(request.raw)) {
      const tooMany = new HarkError('refused', 'request.rate-limited', 'too many requests in one connection', {
        extra: { retryAfter: 1 },
      });
      served.sendProblem(tooMany, request, reply.header('connection', 'close'));
      return;
    }
    try {
      checkSentOnce(request.raw.rawHeaders);
    } catch (error) {
      served.sendProblem(error, request, reply);
      return;
    }
    if (request.headers.host !== undefined || request.raw.httpVersion === '1.0') return done();
    const noHost = new HarkError('invalid', 'request.malformed', 'the request names no host');
    served.sendProblem(noHost, request, reply.header('connection', 'close'));
  });
  readBodies(server);
  served.register(server, routes);
  describeRoutes(server, routes, () => served.publicUrl, files);
  files?.register(server);
  return app;
}
