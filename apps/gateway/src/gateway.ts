import { NatsRequests } from '@hark/nats';
import { createLog, frameworkLog, Keys, Metrics, Running, startHealth } from '@hark/service';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { GatewayModule } from './app.module';
import { readGatewayConfig } from './gateway.config';
import { ProblemFilter } from './http/problem.filter';
import { bodyBytesMax, readBodiesAsJson } from './http/read-body';
import { RouteServer } from './http/route-server';
import { openApi } from './openapi/openapi';
import { allRoutes } from './routes/all-routes';
import { SessionTokens } from './session/session-tokens';

/** A gateway that answers. */
export interface RunningGateway extends Running {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly healthUrl: string;
}

/** Version of the HTTP contract, as `/openapi.json` says it. */
const contractVersion = '1.0.0';
/** Headers must have come after this, a whole request after the next: slow clients hold nothing for long. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;
const keepAliveTimeoutMs = 65_000;
const headerBytesMax = 16_384;

/** Starts the gateway: NATS, health, HTTP. Stops in reverse: answers what is being asked, then closes. */
export async function startGateway(env: NodeJS.ProcessEnv): Promise<RunningGateway> {
  const config = readGatewayConfig(env);
  const log = createLog('gateway', config.logLevel);
  const keys = new Keys(config.masterKey);
  const requests = await NatsRequests.connect({ url: config.natsUrl, name: 'gateway', service: 'gateway', callerKey: keys.caller, log });
  const routes = new RouteServer(requests, new SessionTokens(keys.session), (error, requestId) =>
    log.error({ err: error, requestId }, 'an unexpected error'),
  );
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    http: { headersTimeout: headersTimeoutMs, maxHeaderSize: headerBytesMax },
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, adapter, { bodyParser: false, logger: frameworkLog(log), abortOnError: false });
  try {
    app.useGlobalFilters(new ProblemFilter(routes));
    const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    server.setErrorHandler((error, request, reply) => routes.sendProblem(error, request, reply));
    readBodiesAsJson(server);
    routes.register(server, allRoutes);
    server.get('/openapi.json', () => openApi(allRoutes, contractVersion));
    const health = await startHealth({
      host: config.healthHost,
      port: config.healthPort,
      live: () => !requests.connection.isClosed(),
      missing: () => Promise.resolve(requests.link.isUp ? [] : ['nats']),
      metrics: new Metrics('gateway').registry,
    });
    await app.listen(config.port, config.host);
    const address = server.server.address();
    const port = typeof address === 'object' && address ? address.port : config.port;
    const close = async (): Promise<void> => {
      await app.close();
      await health.close();
      await requests.close();
    };
    let closed: Promise<void> | undefined;
    return { url: `http://localhost:${port}`, healthUrl: health.url, close: () => (closed ??= close()) };
  } catch (error) {
    await app.close();
    await requests.close();
    throw error;
  }
}
