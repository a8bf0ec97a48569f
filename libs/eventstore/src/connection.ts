import { EventStoreDBClient } from '@eventstore/db-client';
import { HarkError } from '@hark/kernel';
import { ignoreProxies } from './no-proxy';

const renewAtMostEveryMs = 10_000;
const keepAliveMs = 10_000;
const generationsMax = 5_000;

/** A client and the news of its end. */
export interface ClientLease {
  readonly client: EventStoreDBClient;
  /** Aborts when the client is given up. Its subscriptions do not all say so themselves. */
  readonly over: AbortSignal;
}

/**
 * The client in use. It finds its way back to a server that went away, but not out of a stream of appends that has
 * fallen silent: every later append would wait for ever. So a client that let a call time out is replaced.
 *
 * Channels to one address with equal options share their connection, also across clients. Each client therefore gets a
 * keep-alive time of its own, a millisecond apart, or its replacement would inherit the silent connection.
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

  /** To be told that a call had no answer in time. */
  silent({ client }: ClientLease): void {
    const nowMs = performance.now();
    if (client !== this.current.client || nowMs - this.renewedAtMs < renewAtMostEveryMs) return;
    this.renewedAtMs = nowMs;
    const { over } = this;
    this.current = this.open();
    over.abort();
    void client.dispose();
  }

  /** Ends every stream of the client in use. */
  async close(): Promise<void> {
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

/** The client knows the scheme by its old name only. Its own errors show parts of the address, which holds a password. */
function clientAt(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url.replace(/^kurrentdb/i, 'esdb'));
  } catch (error) {
    const noFile = error instanceof Error && /^Failed to load certificate/.test(error.message);
    const what = noFile ? 'names a certificate file that is not there' : 'has an option or a form that is not known';
    throw new HarkError('invalid', 'config.invalid', `EVENTSTORE_URL ${what} (docs/event-store.md)`);
  }
}
