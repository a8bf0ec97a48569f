import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { optional } from '@hark/kernel';
import { addressesOf, cannotListen, freePortAt, listenAlso } from '@hark/listen';
import { RpcClient } from '@hark/nats';
import { createLog, Dependencies, Keys, Metrics, RunningProcess, startHealth } from '@hark/service';
import { assertSameKey } from './assert-same-key';
import { ConsoleFiles, consoleFolder } from './console/console-files';
import { DropInSenders } from './drop-in/drop-in-senders';
import { GatewayConfig, readGatewayConfig } from './gateway.config';
import { ConnectionGuard } from './http/connection-guard';
import { createServer } from './http/create-server';
import { HttpLimits, httpLimits } from './http/http-limits';
import { HttpMetrics } from './http/http-metrics';
import { RouteServer } from './http/route-server';
import { OpenStreams } from './live/open-streams';
import { MailLinkPages } from './mail-links/mail-link-pages';
import { allRoutes } from './routes/all-routes';
import { LiveSessions } from './session/live-sessions';
import { SessionTokens } from './session/session-tokens';

/** A gateway that has started and accepts requests. */
export interface RunningGateway extends RunningProcess {
  /** `http://localhost:3000` */
  readonly url: string;
  readonly healthUrl: string;
  /** The Nest application, for tests. */
  readonly app: NestFastifyApplication;
}

/** Starts the gateway: NATS, health, HTTP. Stops in reverse order: finishes the requests under way, then closes. */
export async function startGateway(
  env: NodeJS.ProcessEnv,
  changedLimits: Partial<HttpLimits> = {},
): Promise<RunningGateway> {
  const limits: HttpLimits = { ...httpLimits, ...changedLimits };
  const config = readGatewayConfig(env);
  const log = createLog('gateway', config.logLevel);
  const keys = new Keys(config.masterKey);
  const opened: (() => Promise<void>)[] = [];
  let ready = false;
  let url = '';
  const close = async (): Promise<void> => {
    ready = false;
    for (const closeOne of opened.reverse()) await closeOne();
  };
  try {
    const requests = await RpcClient.connect({
      url: config.natsUrl,
      name: 'gateway',
      service: 'gateway',
      callerKey: keys.caller,
      log,
    });
    opened.push(() => requests.close());
    await assertSameKey(requests);
    const dependencies = new Dependencies({ nats: () => requests.isUp });
    const metrics = new Metrics('gateway');
    opened.push(async () => metrics.close());
    metrics.dependencies(dependencies);
    const health = await startHealth({
      host: config.healthHost,
      port: config.healthPort,
      live: () => !requests.connection.isClosed(),
      ready: () => ready,
      dependencies,
      metrics,
    });
    opened.push(() => health.close());
    const streams = new OpenStreams(requests);
    const served = new RouteServer({
      requests,
      streams,
      sessions: new LiveSessions(new SessionTokens(keys.session), requests),
      limits,
      rates: config.rates,
      connections: new ConnectionGuard(limits, config.trustedProxies),
      publicUrl: () => config.publicUrl ?? url,
      logUnexpected: (error, requestId) => log.error({ err: error, requestId }, 'an unexpected error'),
    });
    const files = ConsoleFiles.read(consoleFolder, optional('sandboxUrl', config.sandboxUrl));
    const app = await createServer(allRoutes, served, limits, log, config.trustedProxies, files);
    new MailLinkPages(served, [keys.mailLinks]).register(app.getHttpAdapter().getInstance());
    new DropInSenders(served).register(app.getHttpAdapter().getInstance());
    const http = new HttpMetrics(metrics);
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onResponse', async (request, reply) => http.answered(request, reply));
    opened.push(() => closeHttp(app, limits.closeTimeoutMs));
    opened.push(async () => streams.close());
    metrics.gauge('hark_streams_open', 'Event streams that are open.', () => streams.count);
    const closeDoors = await listen(app, config);
    opened.push(async () => closeDoors());
    const address: unknown = app.getHttpServer().address();
    const port = typeof address === 'object' && address && 'port' in address ? Number(address.port) : config.port;
    url = `http://localhost:${port}`;
    ready = true;
    let closed: Promise<void> | undefined;
    return { url, healthUrl: health.url, app, close: () => (closed ??= close()) };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Listens on all addresses of the host with one server. Fastify would open a second one for `localhost`, without our
 * bounds.
 */
async function listen(app: NestFastifyApplication, { host, port }: GatewayConfig): Promise<() => void> {
  const place = { host, port, settings: { host: 'HARK_HOST', port: 'HARK_PORT' } };
  const free = port === 0 ? await freePortAt(place) : port;
  try {
    await app.listen(free, addressesOf(host)[0]!);
  } catch (error) {
    throw cannotListen({ ...place, port: free }, error);
  }
  return listenAlso(app.getHttpServer(), place);
}

/** Lets requests under way finish, but no client may delay the stop longer than `timeoutMs`. */
async function closeHttp(app: NestFastifyApplication, timeoutMs: number): Promise<void> {
  const timer = setTimeout(() => app.getHttpServer().closeAllConnections(), timeoutMs);
  await app.close();
  clearTimeout(timer);
}
