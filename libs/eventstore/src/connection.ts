import { EventStoreDBClient } from '@eventstore/db-client';

const keepAliveMs = 10_000;
const generationsMax = 5_000;
const renewAtMostEveryMs = 500;

/**
 * The client in use, replaced after it lost the server.
 *
 * A replacement is needed because gRPC channels to one address with equal options share a back-off that grows to two
 * minutes, whatever the client does: after a long outage a healthy server would stay unreachable for as long. A channel
 * with another keep-alive time does not share it, so each generation has its own, a millisecond apart.
 */
export class Connection {
  private generation = 0;
  private renewedAtMs = -Infinity;
  private current: EventStoreDBClient;

  constructor(private readonly url: string) {
    this.current = this.open();
  }

  get client(): EventStoreDBClient {
    return this.current;
  }

  /** To be told after `client` could not reach the server: the next call dials anew. */
  lost(client: EventStoreDBClient): void {
    const nowMs = performance.now();
    if (client !== this.current || nowMs - this.renewedAtMs < renewAtMostEveryMs) return;
    this.renewedAtMs = nowMs;
    this.current = this.open();
  }

  /** Ends every stream of the client in use. */
  async close(): Promise<void> {
    await this.current.dispose();
  }

  private open(): EventStoreDBClient {
    const ms = keepAliveMs + (this.generation++ % generationsMax);
    const given = /[?&]keepAliveInterval=/i.test(this.url);
    const option = given ? '' : `${this.url.includes('?') ? '&' : '?'}keepAliveInterval=${ms}`;
    return EventStoreDBClient.connectionString(this.url + option);
  }
}
