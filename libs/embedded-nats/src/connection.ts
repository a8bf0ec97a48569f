import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { type ConnectOptions, readConnect, unsaid } from './connect-options';
import { Outbox } from './outbox';
import { type Commands, Parser, type ProtocolError, type Publication } from './protocol';
import { type Interest, isLiteral, isSubscribable, type SubjectTree } from './subjects';

/** A subscription of one client. */
export class Subscription implements Interest {
  /** Ends after so many messages; 0 means never. */
  max = 0;
  delivered = 0;
  ended = false;

  constructor(
    readonly client: Connection,
    readonly subject: string,
    readonly queue: string | undefined,
    readonly sid: string,
  ) {}
}

/** The bounds of one connection; see `NatsBrokerOptions`. */
export interface Limits {
  readonly authToken: string | undefined;
  readonly maxPayload: number;
  readonly maxPendingBytes: number;
  readonly maxSubscriptions: number;
  readonly authTimeoutMs: number;
  readonly writeDeadlineMs: number;
}

/** What a connection needs of its broker. */
export interface BrokerContext {
  readonly limits: Limits;
  readonly tree: SubjectTree<Subscription>;
  /** Hands a message to everyone it meets; false when that was nobody. */
  route(from: Connection, publication: Publication): boolean;
  /** Asks to have `flush` called once, at the end of this turn of the event loop. */
  flushSoon(connection: Connection): void;
  closed(connection: Connection, slow: boolean): void;
}

type Refusal =
  | ProtocolError
  | 'Authorization Violation'
  | 'Authentication Timeout'
  | 'Stale Connection'
  | 'maximum connections exceeded'
  | 'invalid client protocol'
  | 'no responders requires headers support';

/** Pings that may be unanswered before a connection counts as stale. */
const MAX_PINGS_OUT = 2;
/** How long a refused client may take to read why. */
const LINGER_MS = 1_000;
/** A publisher waits for a slow receiver at most so long at a time; then the receiver's bound decides. */
const MAX_STALL_MS = 100;
/** Of `maxPendingBytes`: from here on its publishers are made to wait. */
const STALL_FRACTION = 0.5;

/** One client: what it said, what it listens to and what it is still to be sent. */
export class Connection implements Commands {
  private readonly parser: Parser;
  private readonly outbox: Outbox;
  private readonly subscriptions = new Map<string, Subscription>();
  private options: ConnectOptions = unsaid;
  private authorised: boolean;
  private authTimer: NodeJS.Timeout | undefined;
  private pingsOut = 0;
  private heard = false;
  private state: 'open' | 'ending' | 'closed' = 'open';
  private stuckSinceMs: number | undefined;
  private stall: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly hub: BrokerContext,
    info: string,
  ) {
    this.parser = new Parser(this, hub.limits.maxPayload);
    this.outbox = new Outbox(socket);
    this.authorised = hub.limits.authToken === undefined;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.hear(chunk));
    socket.on('drain', () => (this.stuckSinceMs = undefined));
    socket.on('error', () => this.destroy());
    socket.on('close', () => this.destroy());
    if (!this.authorised) {
      this.authTimer = setTimeout(() => this.fail('Authentication Timeout'), hub.limits.authTimeoutMs);
    }
    this.say(`INFO ${info}\r\n`);
  }

  get echo(): boolean {
    return this.options.echo;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  allows(isConnect: boolean): boolean {
    if (this.authorised || isConnect) return true;
    this.fail('Authorization Violation');
    return false;
  }

  connect(json: Buffer): void {
    const options = readConnect(json, this.options);
    if (options === undefined) return this.fail();
    const { authToken } = this.hub.limits;
    if (authToken !== undefined && !sameSecret(options.auth_token, authToken))
      return this.fail('Authorization Violation');
    if (options.protocol !== 0 && options.protocol !== 1) return this.fail('invalid client protocol');
    if (options.no_responders && !options.headers) return this.fail('no responders requires headers support');
    this.authorised = true;
    clearTimeout(this.authTimer);
    this.options = options;
    this.ok();
  }

  publish(publication: Publication): void {
    if (publication.headerSizeText !== '' && !this.options.headers) return this.fail();
    if (this.options.pedantic && !isLiteral(publication.subject)) this.say("-ERR 'Invalid Publish Subject'\r\n");
    this.ok();
    const reached = this.hub.route(this, publication);
    if (reached || publication.reply === undefined || !this.options.no_responders) return;
    const { reply } = publication;
    const asker = this.hub.tree.match(reply).all.find(({ client, ended }) => client === this && !ended);
    if (asker) this.say(`HMSG ${reply} ${asker.sid} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n`);
  }

  subscribe(subject: string, queue: string | undefined, sid: string): void {
    if (!isSubscribable(subject)) return this.say("-ERR 'Invalid Subject'\r\n");
    if (!this.subscriptions.has(sid)) {
      if (this.subscriptions.size >= this.hub.limits.maxSubscriptions) {
        return this.say("-ERR 'maximum subscriptions exceeded'\r\n");
      }
      const subscription = new Subscription(this, subject, queue, sid);
      this.subscriptions.set(sid, subscription);
      this.hub.tree.add(subscription);
    }
    this.ok();
  }

  unsubscribe(sid: string, max: number): void {
    const subscription = this.subscriptions.get(sid);
    if (subscription !== undefined) {
      subscription.max = max;
      if (max <= subscription.delivered) this.end(subscription);
    }
    this.ok();
  }

  ping(): void {
    this.say('PONG\r\n');
  }

  pong(): void {
    this.pingsOut = 0;
  }

  /** Says why, if there is something to say, sends what is still to be sent, and ends the connection. */
  fail(refusal?: Refusal): void {
    if (this.state !== 'open') return;
    if (refusal !== undefined) this.say(`-ERR '${refusal}'\r\n`);
    this.finish();
  }

  /** Sends what is still to be sent and ends the connection; cut after `LINGER_MS`. */
  finish(): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    this.parser.stop();
    this.leave();
    this.flush();
    this.socket.end();
    // Read on, and throw away: closing on unread input would reset the connection and take the reason along.
    this.socket.resume();
    setTimeout(() => this.destroy(), LINGER_MS).unref();
  }

  /** Hands over one message. False if this subscription takes none any more. */
  deliver(to: Subscription, from: Connection, publication: Publication): boolean {
    if (to.ended || this.state !== 'open') return false;
    const { subject, reply, headerSize, headerSizeText, sizeText, bytes } = publication;
    const address = reply === undefined ? `${subject} ${to.sid}` : `${subject} ${to.sid} ${reply}`;
    if (headerSize === 0)
      this.outbox.message(`MSG ${address} ${sizeText}\r\n`, bytes, publication.from, publication.to);
    else if (this.options.headers) {
      this.outbox.message(`HMSG ${address} ${headerSizeText} ${sizeText}\r\n`, bytes, publication.from, publication.to);
    } else {
      const start = publication.from + headerSize;
      this.outbox.message(`MSG ${address} ${publication.to - start}\r\n`, bytes, start, publication.to);
    }
    to.delivered += 1;
    if (to.delivered === to.max) this.end(to);
    this.hub.flushSoon(this);
    this.watch(from);
    return true;
  }

  /** Called once for each turn of the event loop in which something was said. */
  flush(): void {
    if (this.state === 'closed') return;
    this.outbox.flush();
    if (this.socket.writableNeedDrain) this.stuckSinceMs ??= performance.now();
  }

  /** Once for each ping interval: asks a silent client whether it is there, and ends one that never answers. */
  checkAlive(): void {
    if (this.state !== 'open') return;
    const { heard } = this;
    this.heard = false;
    if (heard) this.pingsOut = 0;
    else if (this.pingsOut >= MAX_PINGS_OUT) this.fail('Stale Connection');
    else {
      this.pingsOut += 1;
      this.say('PING\r\n');
    }
  }

  /** Ends the connection at once; what was not sent is gone. `slow`: because it did not read. */
  destroy(slow = false): void {
    if (this.state === 'closed') return;
    this.parser.stop();
    this.leave();
    this.state = 'closed';
    this.socket.destroy();
    this.hub.closed(this, slow);
  }

  private hear(chunk: Buffer): void {
    if (this.state !== 'open') return;
    this.heard = true;
    this.parser.read(chunk);
  }

  private ok(): void {
    if (this.options.verbose) this.say('+OK\r\n');
  }

  private say(text: string): void {
    if (this.state !== 'open') return;
    this.outbox.line(text);
    this.hub.flushSoon(this);
    this.watch(this);
  }

  /** Cuts this client if it reads too slowly; before that, lets `from` wait for it a little. */
  private watch(from: Connection): void {
    const { maxPendingBytes, writeDeadlineMs } = this.hub.limits;
    const { pendingBytes } = this.outbox;
    const stuck = this.stuckSinceMs !== undefined && performance.now() - this.stuckSinceMs > writeDeadlineMs;
    if (pendingBytes > maxPendingBytes || stuck) this.destroy(true);
    else if (pendingBytes > maxPendingBytes * STALL_FRACTION && from !== this) from.waitFor(this);
  }

  private waitFor(slow: Connection): void {
    if (this.stall !== undefined || this.state !== 'open') return;
    const goOn = () => {
      clearTimeout(this.stall);
      this.stall = undefined;
      slow.socket.off('drain', goOn).off('close', goOn);
      this.socket.resume();
    };
    this.socket.pause();
    this.stall = setTimeout(goOn, MAX_STALL_MS);
    slow.socket.once('drain', goOn).once('close', goOn);
  }

  private end(subscription: Subscription): void {
    subscription.ended = true;
    this.subscriptions.delete(subscription.sid);
    this.hub.tree.remove(subscription);
  }

  private leave(): void {
    clearTimeout(this.authTimer);
    for (const subscription of this.subscriptions.values()) {
      subscription.ended = true;
      this.hub.tree.remove(subscription);
    }
    this.subscriptions.clear();
  }
}

/** Hashed first, so that neither the time taken nor a difference in length tells anything. */
function sameSecret(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(left), hash(right));
}
