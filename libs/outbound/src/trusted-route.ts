import { Pool } from 'undici';
import { KeyedQueue } from '@hark/resilience';
import { Deadline } from './deadline';
import { Exchange } from './exchange';
import { busy } from './outbound-error';
import { isInward, OutboundProxy, proxyConnector } from './outbound-proxy';
import { BoundedRequest, OutboundReply } from './outbound-request';
import { Target } from './target-rules';

const originActiveMax = 64;
const originWaitingMax = 2_048;
const connectMs = 5_000;
const idleMs = 4_000; // Node servers close idle connections after 5 s; a request must not meet a closing socket
const replyHeaderBytesMax = 16 * 1024;

/** Sends to origins that the operator configured: kept-alive connections, at most 64 per origin, no address rules. */
export class TrustedRoute {
  private readonly origins = new KeyedQueue({
    activeMax: originActiveMax,
    waitingMax: originWaitingMax,
    refusal: busy,
  });
  private readonly pools = new Map<string, Pool>(); // no eviction: the configured origins bound it

  /** `proxy`: for origins outside the operator's own network. */
  constructor(private readonly proxy: OutboundProxy | undefined) {}

  /** Sends once. When the connection dies under a request, the error is `unknown-outcome`. */
  async send(target: Target, request: BoundedRequest, deadline: Deadline): Promise<OutboundReply> {
    const { origin, pathname, search } = target.url;
    const send = () => {
      const exchange = new Exchange(deadline, request.maxBytes);
      const { method, headers, body } = request;
      this.poolOf(origin).dispatch({ path: pathname + search, method, headers, body }, exchange);
      return exchange.reply;
    };
    return this.origins.run(origin, send, deadline.remainingMs());
  }

  /** Closes every connection; requests under way fail. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
    this.pools.clear();
  }

  private poolOf(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: originActiveMax,
      pipelining: 1,
      keepAliveTimeout: idleMs,
      maxHeaderSize: replyHeaderBytesMax,
      headersTimeout: 0, // undici's own time-outs are off: the exchange's deadline covers both
      bodyTimeout: 0,
      allowH2: false,
      connect:
        this.proxy && !isInward(new URL(origin).hostname)
          ? proxyConnector(this.proxy, connectMs)
          : { timeout: connectMs },
    });
    this.pools.set(origin, pool);
    return pool;
  }
}
