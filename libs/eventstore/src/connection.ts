import { EventStoreDBClient } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { ignoreProxies } from './no-proxy';

const renewAtMostEveryMs = 10_000;
const keepAliveMs = 10_000;
const generationsMax = 5_000;

/** A client, and the signal that it is given up. */
export interface ClientLease {
  readonly client: EventStoreDBClient;
  /** Aborts when the client is given up. Some of its subscriptions do not report that themselves. */
  readonly over: AbortSignal;
}

const givenUp = new WeakSet<EventStoreDBClient>();

/**
 * Whether the client was given up. It (6.2.1) ends its reads then as if they had come to their end, so that a stream seems
 * to have fewer events than it has, or none.
 */
export const isGivenUp = (client: EventStoreDBClient): boolean => givenUp.has(client);

/**
 * The client in use. It reconnects by itself after a server went away, but not when a stream of appends falls silent:
 * every later append would wait for ever. So a client in which a call timed out is replaced.
 *
 * gRPC channels to one address with equal options share a connection, also between clients. Each client therefore gets
 * its own keep-alive time, a millisecond apart, else its replacement would inherit the silent connection.
 */
export class Connection {
  private generation = 0;
  private renewedAtMs = -Infinity;
  private over = new AbortController();
  private current: ClientLease;

  constructor(private readonly url: string) {
    ignoreProxies();
    this.current = this.open();
  }

  get session(): ClientLease {
    return this.current;
  }

  /** Call it when a call had no answer in time. */
  silent({ client }: ClientLease): void {
    const nowMs = performance.now();
    if (client !== this.current.client || nowMs - this.renewedAtMs < renewAtMostEveryMs) return;
    this.renewedAtMs = nowMs;
    const { over } = this;
    this.current = this.open();
    givenUp.add(client);
    over.abort();
    void client.dispose();
  }

  /** Ends every stream of the client in use. */
  async close(): Promise<void> {
    givenUp.add(this.current.client);
    this.over.abort();
    await this.current.client.dispose();
  }

  private open(): ClientLease {
    this.over = new AbortController();
    const ms = keepAliveMs + (this.generation++ % generationsMax);
    const url = this.url.replace(/([?&])keepAliveInterval=[^&]*&?/i, '$1').replace(/[?&]$/, '');
    const mine = `${url}${url.includes('?') ? '&' : '?'}keepAliveInterval=${ms}`;
    return { client: clientAt(mine), over: this.over.signal };
  }
}

/**
 * The client (6.2.1) knows only the scheme's old name. Its own error messages quote parts of the address, which holds a
 * password.
 */
function clientAt(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url.replace(/^kurrentdb/i, 'esdb'));
  } catch (error) {
    const noFile = error instanceof Error && /^Failed to load certificate/.test(error.message);
    const what = noFile ? 'names a certificate file that is not there' : 'has an option or a form that is not known';
    throw new HarkError('invalid', 'config.invalid', `EVENTSTORE_URL ${what} (docs/event-store.md)`);
  }
}
