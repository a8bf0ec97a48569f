import { isIP } from 'node:net';
import { buildConnector, Client } from 'undici';
import { KeyedQueue, withTimeout } from '@hark/resilience';
import { sameAddress } from './address-class';
import { Deadline } from './deadline';
import { codeOf, Exchange } from './exchange';
import { busy, OutboundError } from './outbound-error';
import { OutboundProxy, proxyConnector } from './outbound-proxy';
import { BoundedRequest, OutboundReply } from './outbound-request';
import { Resolver } from './resolver';
import { Target, TargetRules } from './target-rules';

const hostActiveMax = 4;
const hostWaitingMax = 16;
// Fewer than a service works on at a time, so that slow servers, however many, hold up only each other.
const allActiveMax = 64;
const allWaitingMax = 64;
const answersMax = 64;
const attemptsMax = 2;
const connectMs = 5_000;
const replyHeaderBytesMax = 16 * 1024;

/**
 * Sends to hosts that other people name. A host is resolved once per request, every address it has must be allowed, and
 * the connection goes to exactly the checked address, on a new socket that is closed afterwards. So a name that
 * resolves differently a moment later (DNS rebinding) gains nothing. The cap holds per name and per address, so that
 * ten thousand names for one victim do not add up.
 */
export class UntrustedRoute {
  private readonly everybody = new KeyedQueue({ activeMax: allActiveMax, waitingMax: allWaitingMax, refusal: busy });
  private readonly hosts = new KeyedQueue({ activeMax: hostActiveMax, waitingMax: hostWaitingMax, refusal: busy });
  private readonly addresses = new KeyedQueue({ activeMax: hostActiveMax, waitingMax: hostWaitingMax, refusal: busy });

  constructor(
    private readonly rules: TargetRules,
    private readonly resolver: Resolver,
    /** The proxy gets the checked address, never the name, so that it cannot resolve the name again. */
    private readonly proxy: OutboundProxy | undefined,
  ) {}

  /** Sends once. Tries a second address, of the other family, only while nothing has left. */
  async send(target: Target, request: BoundedRequest, deadline: Deadline): Promise<OutboundReply> {
    const exchange = () => this.exchangeWithEither(target, request, deadline);
    const everybody = () => this.everybody.run('*', exchange, deadline.remainingMs());
    return this.hosts.run(target.host, everybody, deadline.remainingMs());
  }

  private async exchangeWithEither(
    target: Target,
    request: BoundedRequest,
    deadline: Deadline,
  ): Promise<OutboundReply> {
    const addresses = await this.addressesOf(target, deadline);
    let failure: unknown = new OutboundError('unreachable', 'no-address');
    for (const address of addresses) {
      try {
        const exchange = () => this.exchange(address, target, request, deadline);
        return await this.addresses.run(address, exchange, deadline.remainingMs());
      } catch (error) {
        failure = error;
        const another =
          error instanceof OutboundError && (error.reason === 'unreachable' || error.reason === 'timeout');
        if (!another || deadline.remainingMs() === 0) throw error;
      }
    }
    throw failure;
  }

  /** One address of each family, after all addresses of the host were checked. */
  private async addressesOf(target: Target, deadline: Deadline): Promise<readonly string[]> {
    const found = target.isLiteral ? [target.host] : await this.resolve(target.host, deadline);
    if (found.length > answersMax) throw new OutboundError('refused', 'too-many-addresses');
    for (const address of found) this.rules.assertAddress(address);
    const sorted = [...new Set(found)].sort();
    const firsts = [sorted.find((address) => isIP(address) === 4), sorted.find((address) => isIP(address) === 6)];
    return firsts.filter((address) => address !== undefined).slice(0, attemptsMax);
  }

  private async exchange(
    address: string,
    target: Target,
    request: BoundedRequest,
    deadline: Deadline,
  ): Promise<OutboundReply> {
    const timeoutMs = Math.max(1, Math.min(connectMs, deadline.remainingMs()));
    const client = new Client(target.url.origin, {
      connect: this.proxy ? proxyConnector(this.proxy, timeoutMs, address) : pinnedConnector(address, timeoutMs),
      maxHeaderSize: replyHeaderBytesMax,
      headersTimeout: 0, // undici's own time-outs are off: the exchange's deadline covers both
      bodyTimeout: 0,
      pipelining: 1,
    });
    const exchange = new Exchange(deadline, request.maxBytes);
    try {
      const path = target.url.pathname + target.url.search;
      client.dispatch(
        { path, method: request.method, headers: request.headers, body: request.body, reset: true },
        exchange,
      );
      return await exchange.reply;
    } finally {
      void client.destroy();
    }
  }

  private async resolve(host: string, deadline: Deadline): Promise<readonly string[]> {
    const leftMs = Math.max(1, deadline.remainingMs());
    try {
      return await withTimeout(leftMs, this.resolver.resolve(host, leftMs), () => {
        throw new OutboundError('timeout', 'dns');
      });
    } catch (error) {
      throw error instanceof OutboundError ? error : new OutboundError('unreachable', codeOf(error));
    }
  }
}

/** Connects to `address` whatever the name resolves to; TLS still checks the certificate for the name. */
function pinnedConnector(address: string, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    maxCachedSessions: 0,
    // Called for names only: for an IP literal the socket does no look-up, and the literal is the checked address.
    lookup: (_host, options, done) => {
      const family = isIP(address);
      if (options.all) done(null, [{ address, family }]);
      else done(null, address, family);
    },
  });
  return (options, done) =>
    connect(options, (error, socket) => {
      if (error !== null) return done(error, null);
      if (socket.remoteAddress !== undefined && sameAddress(socket.remoteAddress, address)) return done(null, socket);
      socket.destroy();
      done(new OutboundError('refused', 'remote-address'), null);
    });
}
