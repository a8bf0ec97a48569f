import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** What the health server tells. */
export interface HealthOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** False when only a restart helps. Asks nothing of others: their trouble must not restart this process. */
  live(): boolean;
  /** What is missing before requests should come; empty when ready. */
  missing(): Promise<string[]>;
  readonly metrics: Registry;
}

/** A running health server. */
export interface Health {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

const requestTimeoutMs = 5_000;

/** Serves `/livez`, `/readyz` (200 or 503) and `/metrics` (Prometheus text). */
export async function startHealth(options: HealthOptions): Promise<Health> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, (request, response) => {
    answer(options, request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port, options.host, resolve),
  );
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, close: () => close(server) };
}

async function answer(options: HealthOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url) {
    case '/livez':
      return say(response, options.live() ? 200 : 503, options.live() ? 'ok' : 'not alive');
    case '/readyz': {
      const missing = await options.missing();
      return say(
        response,
        missing.length === 0 ? 200 : 503,
        missing.length === 0 ? 'ok' : `missing: ${missing.join(', ')}`,
      );
    }
    case '/metrics':
      return say(response, 200, await options.metrics.metrics(), options.metrics.contentType);
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
