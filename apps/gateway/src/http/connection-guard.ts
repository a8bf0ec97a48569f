import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { addressName } from './address-name';
import { hangUpWith } from './client-error';
import { HttpLimits } from './http-limits';
import { TrustedProxies } from './trusted-proxies';

type Server = FastifyInstance['server'];
type Socket = FastifyRequest['raw']['socket'];

interface Connection {
  /** For whom it counts: its address, or whoever has shown a session, key or secret in it. */
  countsFor: string;
  /** How many bytes the kernel had taken when that number last grew. */
  taken: number;
  takenAtMs: number;
}

type Limits = Pick<
  HttpLimits,
  'connectionsPerAddressMax' | 'connectionsPerCallerMax' | 'writeStallMs' | 'timeoutCheckMs'
>;

/**
 * Bounds what one address can hold: a number of connections of unknown callers (no bound for a trusted proxy), and none
 * whose client has stopped reading the answer. Whoever has shown who they are is counted by that: a school or an office
 * is one address, and nobody in it can keep the others out.
 */
export class ConnectionGuard {
  /** How many connections count for whom; an address and a caller are never named alike. */
  private readonly counts = new Map<string, number>();
  private readonly connections = new Map<Socket, Connection>();

  constructor(
    private readonly limits: Limits,
    private readonly proxies: TrustedProxies,
  ) {}

  /** Guards the server's connections until it closes. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.opened(socket));
    const timer = setInterval(() => this.cutStalled(), this.limits.timeoutCheckMs).unref();
    server.on('close', () => clearInterval(timer));
  }

  /**
   * A call of `caller` came in this connection and was let in: it counts no longer for its address, but for them, as long
   * as they have fewer than their own number.
   */
  known(socket: Socket, caller: string): void {
    const connection = this.connections.get(socket);
    if (!connection?.countsFor.startsWith('address ')) return;
    const mine = `caller ${caller}`;
    if ((this.counts.get(mine) ?? 0) >= this.limits.connectionsPerCallerMax) return;
    this.count(connection.countsFor, -1);
    connection.countsFor = mine;
    this.count(mine, 1);
  }

  private opened(socket: Socket): void {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return;
    const countsFor = `address ${addressName(remoteAddress)}`;
    const connection = { countsFor, taken: 0, takenAtMs: performance.now() };
    this.connections.set(socket, connection);
    const open = this.count(countsFor, 1);
    socket.once('close', () => {
      this.connections.delete(socket);
      this.count(connection.countsFor, -1);
    });
    if (open <= this.limits.connectionsPerAddressMax || this.proxies.has(remoteAddress)) return;
    const extra = { retryAfter: 1 };
    hangUpWith(
      new HarkError('refused', 'request.rate-limited', 'too many connections of one address', { extra }),
      socket,
    );
  }

  private count(who: string, more: 1 | -1): number {
    const count = (this.counts.get(who) ?? 0) + more;
    if (count === 0) this.counts.delete(who);
    else this.counts.set(who, count);
    return count;
  }

  private cutStalled(): void {
    const nowMs = performance.now();
    for (const [socket, connection] of this.connections) {
      const taken = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0 || taken !== connection.taken) {
        connection.taken = taken;
        connection.takenAtMs = nowMs;
      } else if (nowMs - connection.takenAtMs > this.limits.writeStallMs) socket.destroy();
    }
  }
}
