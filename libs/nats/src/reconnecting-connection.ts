import { connect, ConnectionOptions, Events, NatsConnection } from 'nats';
import { HarkError, Logger, parseServerUrl, silentLogger } from '@hark/kernel';
import { BackOff, retry, withTimeout } from '@hark/resilience';

/** How to reach NATS. */
export interface ReconnectingOptions {
  /** `nats://[token@ or user:password@]host:port[,host:port …]`, encoded as `parseServerUrl` reads it; `tls://` for TLS. */
  readonly url: string;
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** How long the first connection may take; later it reconnects for ever. */
  readonly connectTimeoutMs?: number;
  readonly log?: Logger;
}

const portDefault = 4_222;
const connectTimeoutMs = 15_000;
const connectRetryMs = 250;
const dialTimeoutMs = 5_000;
// A half-open connection is noticed after three intervals.
const pingIntervalMs = 5_000;
const pingsUnansweredMax = 2;
const reconnectWaitMs = 200;
const reconnectJitterMs = 400;
const drainTimeoutMs = 2_000;

/** One connection to NATS that is never given up: it reconnects until it is closed, and reports whether it is up. */
export class ReconnectingConnection {
  private up = true;
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly connection: NatsConnection,
    private readonly log: Logger,
  ) {
    void this.watch();
  }

  /**
   * Throws `invalid` `config.invalid` for a wrong address, `unavailable` `nats.unreachable` when nothing answers within
   * `connectTimeoutMs` (default 15 s).
   */
  static async connect(options: ReconnectingOptions): Promise<ReconnectingConnection> {
    const how = connectionOptions(options);
    try {
      const connection = await retry(() => connect(how), {
        backOff: new BackOff(connectRetryMs, connectRetryMs),
        giveUpAtMs: performance.now() + (options.connectTimeoutMs ?? connectTimeoutMs),
        isTransient: () => true,
      });
      return new ReconnectingConnection(connection, options.log ?? silentLogger);
    } catch (cause) {
      throw new HarkError('unavailable', 'nats.unreachable', 'NATS cannot be reached', {}, { cause });
    }
  }

  /** False while the connection is being made anew, and after it is closed. */
  get isUp(): boolean {
    return this.up && !this.connection.isClosed();
  }

  /** True as soon as it is up; false when it is not within `timeoutMs`. */
  async whenUp(timeoutMs: number): Promise<boolean> {
    if (this.isUp) return true;
    if (this.connection.isClosed()) return false;
    let settled = (): void => {};
    const reconnected = new Promise<void>((resolve) => (settled = resolve));
    this.waiting.add(settled);
    await withTimeout(timeoutMs, reconnected, () => this.waiting.delete(settled));
    return this.isUp;
  }

  /** Sends what is buffered and closes, within 2 s. Closing twice is harmless. */
  async close(): Promise<void> {
    if (!this.connection.isClosed() && this.up) {
      const flushed = this.connection.flush().catch(() => undefined);
      await withTimeout(drainTimeoutMs, flushed, () => undefined);
    }
    await this.connection.close();
  }

  private async watch(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === Events.Disconnect) {
        this.up = false;
        this.log.warn({}, 'NATS connection lost, reconnecting');
      } else if (type === Events.Reconnect) {
        this.log.info({}, 'NATS connection is back');
        this.settle(true);
      } else if (type === Events.Error) {
        this.log.warn({}, 'NATS reported an error');
      }
    }
    this.settle(false);
  }

  private settle(up: boolean): void {
    this.up = up;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/**
 * Every default that matters, written out: nats.js gives up after ten tries and notices a dead peer only after minutes.
 */
function connectionOptions({ url, name }: ReconnectingOptions): ConnectionOptions {
  const { scheme, user, password, hosts } = parseServerUrl(url);
  return {
    servers: hosts.map(({ host, port = portDefault }) => `${host.includes(':') ? `[${host}]` : host}:${port}`),
    ...credentials(user, password),
    ...(scheme === 'tls' ? { tls: {} } : {}),
    name,
    timeout: dialTimeoutMs,
    pingInterval: pingIntervalMs,
    maxPingOut: pingsUnansweredMax,
    reconnect: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: reconnectWaitMs,
    reconnectJitter: reconnectJitterMs,
    noAsyncTraces: true,
  };
}

function credentials(user: string | undefined, password: string | undefined): ConnectionOptions {
  if (!user) return {};
  return password ? { user, pass: password } : { token: user };
}
