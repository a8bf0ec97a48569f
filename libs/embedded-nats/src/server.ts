import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { HarkError } from '@hark/kernel';
import { type BrokerContext, Connection, type Limits, type Subscription } from './connection';
import type { Publication } from './protocol';
import { SubjectTree } from './subjects';

/** What the broker counts, at the moment of asking. */
export interface BrokerStats {
  readonly connections: number;
  readonly subscriptions: number;
  /** Messages that were published, since the start. */
  readonly published: number;
  /** Messages that were handed to a subscription, since the start. */
  readonly delivered: number;
  /** Clients that were cut because they did not read fast enough, since the start. */
  readonly slowConsumers: number;
}

/** Everything the broker needs to know; `startNatsBroker` fills in what is not said. */
export interface BrokerSettings extends Limits {
  readonly host: string;
  readonly port: number;
  readonly pingIntervalMs: number;
  readonly maxConnections: number;
}

/** The nats-server whose answers these are. */
const SPEAKS_AS = '2.9.10';
/** For the last bytes to leave when the broker closes. */
const CLOSE_DEADLINE_MS = 2_000;

/** Accepts connections and hands messages from one to the others. */
export class Broker implements BrokerContext {
  readonly tree = new SubjectTree<Subscription>();
  readonly limits: Limits;
  private readonly server: Server;
  private readonly connections = new Set<Connection>();
  private readonly id = randomBytes(16).toString('hex').toUpperCase();
  private unflushed = new Set<Connection>();
  private clients = 0;
  private published = 0;
  private delivered = 0;
  private slowConsumers = 0;
  private pings: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;
  private port = 0;

  constructor(private readonly settings: BrokerSettings) {
    this.limits = settings;
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  /** Listens; settles with the port. Rejects with `nats.port-taken`. */
  async listen(): Promise<number> {
    const { host, port } = this.settings;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (cause: NodeJS.ErrnoException) => {
        const message = `the NATS broker cannot listen on ${host}:${port}: ${cause.message}`;
        reject(new HarkError('conflict', 'nats.port-taken', message, {}, { cause }));
      });
      this.server.listen(port, host, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
    this.pings = setInterval(() => this.connections.forEach((each) => each.checkAlive()), this.settings.pingIntervalMs);
    this.pings.unref();
    return this.port;
  }

  get stats(): BrokerStats {
    return {
      connections: this.connections.size,
      subscriptions: this.tree.size,
      published: this.published,
      delivered: this.delivered,
      slowConsumers: this.slowConsumers,
    };
  }

  route(from: Connection, publication: Publication): boolean {
    this.published += 1;
    const { all, groups } = this.tree.match(publication.subject);
    let reached = false;
    for (const one of all) {
      if (this.hand(one, from, publication)) reached = true;
    }
    for (const group of groups) {
      // From a random member on: fair over time, and one that has just left is passed over.
      const first = group.length === 1 ? 0 : Math.floor(Math.random() * group.length);
      for (let step = 0; step < group.length; step += 1) {
        if (!this.hand(group[(first + step) % group.length]!, from, publication)) continue;
        reached = true;
        break;
      }
    }
    return reached;
  }

  flushSoon(connection: Connection): void {
    if (this.unflushed.size === 0) setImmediate(() => this.flushAll());
    this.unflushed.add(connection);
  }

  closed(connection: Connection, slow: boolean): void {
    this.connections.delete(connection);
    if (slow) this.slowConsumers += 1;
  }

  /** Sends every client what it is still to be sent, and closes all. May be called twice. */
  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      clearInterval(this.pings);
      const cutAll = () => this.connections.forEach((each) => each.destroy());
      const cut = setTimeout(cutAll, CLOSE_DEADLINE_MS);
      this.server.close(() => {
        clearTimeout(cut);
        cutAll();
        resolve();
      });
      this.connections.forEach((each) => each.finish());
    });
    return this.closing;
  }

  private hand(to: Subscription, from: Connection, publication: Publication): boolean {
    if (to.client === from && !from.echo) return false;
    if (!to.client.deliver(to, from, publication)) return false;
    this.delivered += 1;
    return true;
  }

  private flushAll(): void {
    const turn = this.unflushed;
    this.unflushed = new Set();
    for (const connection of turn) connection.flush();
  }

  private accept(socket: Socket): void {
    this.clients += 1;
    const connection = new Connection(socket, this, this.info(socket));
    this.connections.add(connection);
    if (this.connections.size > this.settings.maxConnections) connection.fail('maximum connections exceeded');
  }

  private info(socket: Socket): string {
    const { host, authToken, maxPayload } = this.settings;
    return JSON.stringify({
      ...{ server_id: this.id, server_name: 'hark-embedded', version: SPEAKS_AS, proto: 1, host, port: this.port },
      ...{ headers: true, max_payload: maxPayload, client_id: this.clients, client_ip: socket.remoteAddress ?? '' },
      ...(authToken === undefined ? {} : { auth_required: true }),
    });
  }
}
