import { Broker, type BrokerStats } from './server';

export type { BrokerStats } from './server';

/** How to run; the defaults are those of nats-server 2.9. */
export interface NatsBrokerOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1: for one machine. */
  readonly host?: string;
  /** When given, a client must say it. */
  readonly authToken?: string;
  /** Largest payload with its headers, in bytes. Default 1 MiB. */
  readonly maxPayload?: number;
  /** Silent clients are pinged so often and cut after two unanswered pings. Default 2 minutes. */
  readonly pingIntervalMs?: number;
  /** A client with more unread bytes than this is cut. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** A client that has read nothing for so long while there was something is cut. Default 10 s. */
  readonly writeDeadlineMs?: number;
  /** For CONNECT to come, when a token is asked for. Default 2 s. */
  readonly authTimeoutMs?: number;
  /** Default 65 536. */
  readonly maxConnections?: number;
  /** Of one connection. Default 100 000 (nats-server 2.9 has no bound). */
  readonly maxSubscriptions?: number;
}

/** A running broker. */
export interface RunningNatsBroker {
  /** `nats://TOKEN@HOST:PORT`, or without the token when none is asked for. */
  readonly url: string;
  readonly port: number;
  stats(): BrokerStats;
  /** Sends what is still to be sent, then closes all connections. Settles within 2 s. May be called twice. */
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * Starts a broker for the core NATS protocol: subjects with `*` and `>`, queue groups, headers, no-responders status.
 * At most once, nothing is stored: what nobody listens to is gone, and so is what a slow or broken client has not read.
 * Messages of one publisher reach one subscription in order. No JetStream, no TLS, no cluster: one machine.
 *
 * Rejects with a `HarkError` `nats.port-taken`.
 */
export async function startNatsBroker(options: NatsBrokerOptions = {}): Promise<RunningNatsBroker> {
  const host = options.host ?? '127.0.0.1';
  const broker = new Broker({
    host,
    port: options.port ?? 0,
    authToken: options.authToken,
    maxPayload: options.maxPayload ?? 1_048_576,
    pingIntervalMs: options.pingIntervalMs ?? 2 * MINUTE_MS,
    maxPendingBytes: options.maxPendingBytes ?? 64 * 1_048_576,
    writeDeadlineMs: options.writeDeadlineMs ?? 10_000,
    authTimeoutMs: options.authTimeoutMs ?? 2_000,
    maxConnections: options.maxConnections ?? 65_536,
    maxSubscriptions: options.maxSubscriptions ?? 100_000,
  });
  const port = await broker.listen();
  const token = options.authToken === undefined ? '' : `${encodeURIComponent(options.authToken)}@`;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `nats://${token}${name}:${port}`, port, stats: () => broker.stats, close: () => broker.close() };
}
