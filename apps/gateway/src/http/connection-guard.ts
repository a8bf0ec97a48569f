import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HarkError } from '@hark/kernel';
import { addressName } from './address-name';
import { hangUpWith } from './client-error';
import { HttpLimits } from './http-limits';
import { TrustedProxies } from './trusted-proxies';

type Server = FastifyInstance['server'];
type Socket = FastifyRequest['raw']['socket'];

interface Connection {
  /** How many bytes the kernel had taken when that number last grew. */
  taken: number;
  takenAtMs: number;
}

/**
 * Bounds what one address can hold: a number of connections (no bound for a trusted proxy), and none whose client has
 * stopped reading the answer.
 */
export class ConnectionGuard {
  private readonly byAddress = new Map<string, number>();
  private readonly connections = new Map<Socket, Connection>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    server: Server,
    private readonly limits: Pick<HttpLimits, 'connectionsPerAddressMax' | 'writeStallMs' | 'timeoutCheckMs'>,
    private readonly proxies: TrustedProxies,
  ) {
    server.on('connection', (socket: Socket) => this.opened(socket));
    this.timer = setInterval(() => this.cutStalled(), limits.timeoutCheckMs).unref();
    server.on('close', () => clearInterval(this.timer));
  }

  private opened(socket: Socket): void {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return;
    this.connections.set(socket, { taken: 0, takenAtMs: performance.now() });
    const address = addressName(remoteAddress);
    const open = (this.byAddress.get(address) ?? 0) + 1;
    this.byAddress.set(address, open);
    socket.once('close', () => this.closed(socket, address));
    if (open <= this.limits.connectionsPerAddressMax || this.proxies.has(remoteAddress)) return;
    const extra = { retryAfter: 1 };
    hangUpWith(
      new HarkError('refused', 'request.rate-limited', 'too many connections of one address', { extra }),
      socket,
    );
  }

  private closed(socket: Socket, address: string): void {
    this.connections.delete(socket);
    const left = this.byAddress.get(address)! - 1;
    if (left === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, left);
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
