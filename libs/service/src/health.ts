import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import { listenAt } from '@hark/listen';
import type { Dependencies } from './dependencies';
import type { Metrics } from './metrics';

/** What the health server tells. */
export interface HealthOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** False when only a restart helps. Asks no other process, whose trouble must not restart this one. */
  live(): boolean;
  /** Started and not stopping. A store that is away does not make it unready: see `Dependencies`. */
  ready(): boolean;
  readonly dependencies: Dependencies;
  /** What else an operator must mend, in a few words each. Reported, but no reason to be unready. */
  troubles?(): readonly string[];
  readonly metrics: Pick<Metrics, 'text'>;
}

/** The health report of one service, or of several together. */
export interface HealthAnswers {
  live(): Promise<boolean> | boolean;
  /** What is missing before requests should come; empty when ready. */
  missing(): Promise<string[]>;
  /** Stores that do not answer, and providers that refuse the hub. Reported, but no reason to be unready. */
  away?(): Promise<string[]>;
  metrics(): Promise<string>;
}

/** A running health server. */
export interface Health {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

const requestTimeoutMs = 5_000;

/** Serves `/livez`, `/readyz` (200 or 503; its text names what is away) and `/metrics` of a service. */
export function startHealth(options: HealthOptions): Promise<Health> {
  return serveHealth(options, {
    live: () => options.live(),
    missing: () => Promise.resolve(options.ready() ? [] : ['start']),
    away: async () => [...(await options.dependencies.away()), ...(options.troubles?.() ?? [])],
    metrics: () => options.metrics.text(),
  });
}

/** The same of whatever answers. Throws as `listenAt`. */
export async function serveHealth(
  { host, port: wanted }: { readonly host: string; readonly port: number },
  replies: HealthAnswers,
): Promise<Health> {
  const make = () =>
    createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
      answer(replies, request, response).catch(() => response.writeHead(500).end());
    });
  const settings = { host: 'HARK_HEALTH_HOST', port: 'HARK_HEALTH_PORT' };
  const { port, servers } = await listenAt({ host, port: wanted, settings }, make);
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${port}`,
    close: async () => void (await Promise.all(servers.map((server) => close(server as Server)))),
  };
}

async function answer(replies: HealthAnswers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url) {
    case '/livez': {
      const live = await replies.live();
      return say(response, live ? 200 : 503, live ? 'ok' : 'not alive');
    }
    case '/readyz': {
      const missing = await replies.missing();
      if (missing.length > 0) return say(response, 503, `missing: ${missing.join(', ')}`);
      const away = (await replies.away?.()) ?? [];
      return say(response, 200, away.length === 0 ? 'ok' : `ok, without: ${away.join(', ')}`);
    }
    case '/metrics':
      return say(response, 200, await replies.metrics(), Registry.PROMETHEUS_CONTENT_TYPE);
    default:
      return say(response, 404, 'not found');
  }
}

function say(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
