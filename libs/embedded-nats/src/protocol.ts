/** A message on its way. The payload is `bytes` from `from` to `to` (headers first) and must not be kept past the call. */
export interface Publication {
  readonly subject: string;
  readonly reply: string | undefined;
  /** Length of the header block; 0 when there is none. */
  readonly headerSize: number;
  /** The two sizes as the publisher wrote them: they are passed on unchanged. */
  readonly headerSizeText: string;
  readonly sizeText: string;
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/** What a client can ask for. Texts are latin1, so that any byte comes out as it went in. */
export interface Commands {
  /** False when a command that is not CONNECT must not be used yet: the implementer has ended the connection then. */
  allows(isConnect: boolean): boolean;
  connect(json: Buffer): void;
  publish(publication: Publication): void;
  subscribe(subject: string, queue: string | undefined, sid: string): void;
  /** `max` 0: at once; else after so many messages in all. */
  unsubscribe(sid: string, max: number): void;
  ping(): void;
  pong(): void;
  /** The input cannot be understood. The parser reads nothing more. Without a message the connection just ends. */
  fail(message?: ProtocolError): void;
}

/** The verbs of a client. `+OK` and INFO are read and ignored, as nats-server 2.9 does. */
type Verb = 'PUB' | 'HPUB' | 'SUB' | 'UNSUB' | 'PING' | 'PONG' | 'CONNECT' | 'INFO' | '+OK' | '-ERR';

/** What nats-server 2.9 says of input it refuses. */
export type ProtocolError =
  'Unknown Protocol Operation' | 'maximum control line exceeded' | 'Maximum Payload Violation';

/** Longest argument part of a control line, in bytes. */
export const MAX_CONTROL_LINE = 4_096;

const verbs: readonly Verb[] = ['PUB', 'HPUB', 'SUB', 'UNSUB', 'PING', 'PONG', 'CONNECT', 'INFO', '+OK', '-ERR'];
const LONGEST_VERB = 7;
/** These need a blank after the verb. */
const spaced: ReadonlySet<Verb> = new Set<Verb>(['PUB', 'HPUB', 'SUB', 'UNSUB', '-ERR']);
/** These have no arguments: what follows on their line is passed over. */
const bare: ReadonlySet<Verb> = new Set<Verb>(['PING', 'PONG', '+OK']);
const MAX_SIZE_DIGITS = 9;
const MAX_ARGS = 5;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const ZERO = 48;
const NINE = 57;
const P = 80;
const U = 85;
const B = 66;
const LOWER = 32;
const LOWER_C = 99;
const nothing = Buffer.alloc(0);

/** A PUB or HPUB whose payload is still arriving: `bytes` has room for it and its line end. */
interface Arriving {
  readonly head: Omit<Publication, 'bytes' | 'from' | 'to'>;
  readonly bytes: Buffer;
  filled: number;
}

/**
 * Reads the client side of the NATS protocol from chunks cut anywhere. Holds at most one control line or one payload.
 * Accepts and refuses what nats-server 2.9 does, to the text of the refusal.
 */
export class Parser {
  private rest: Buffer = nothing;
  private arriving: Arriving | undefined;
  private failed = false;
  /** Ends of the arguments of the line at hand, as pairs: reused for every line. */
  private readonly args: number[] = [];

  constructor(
    private readonly commands: Commands,
    private readonly maxPayload: number,
  ) {}

  /** Takes the next chunk; calls the commands in it in order. */
  read(chunk: Buffer): void {
    let at = 0;
    if (this.arriving !== undefined) at = this.fill(this.arriving, chunk);
    let bytes = chunk;
    if (this.rest.length > 0) {
      bytes = Buffer.concat([this.rest, chunk]);
      this.rest = nothing;
    }
    while (at < bytes.length && !this.failed) {
      const next = this.line(bytes, at);
      if (next < 0) return;
      at = next;
    }
  }

  /** Nothing more is read. */
  stop(): void {
    this.failed = true;
    this.rest = nothing;
    this.arriving = undefined;
  }

  /** Reads one command at `at` and returns where the next begins; -1 when the rest of it has not come yet or it failed. */
  private line(bytes: Buffer, at: number): number {
    if (!this.commands.allows((bytes[at]! | LOWER) === LOWER_C)) return -1;
    const verb = verbAt(bytes, at);
    if (verb === 'none') return this.fail('Unknown Protocol Operation');
    const end = verb === 'partial' ? -1 : bytes.indexOf(LF, at);
    if (verb === 'partial' || end < 0) {
      if (bytes.length - at > MAX_CONTROL_LINE + LONGEST_VERB + 1 && !(verb !== 'partial' && bare.has(verb))) {
        return this.fail('maximum control line exceeded');
      }
      // A copy: the chunk may be large and the rest of this line may never come.
      const kept = verb !== 'partial' && bare.has(verb) ? at + verb.length : bytes.length;
      this.rest = Buffer.from(bytes.subarray(at, kept));
      return -1;
    }
    let from = at + verb.length;
    const to = bytes[end - 1] === CR ? Math.max(end - 1, from) : end;
    while (from < to && (bytes[from] === SPACE || bytes[from] === TAB)) from += 1;
    if (to - from > MAX_CONTROL_LINE && !bare.has(verb)) return this.fail('maximum control line exceeded');
    switch (verb) {
      case 'PUB':
      case 'HPUB':
        return this.publication(bytes, from, to, end + 1, verb === 'HPUB');
      case 'SUB':
        return this.subscription(bytes, from, to) ? end + 1 : -1;
      case 'UNSUB':
        return this.unsubscription(bytes, from, to) ? end + 1 : -1;
      case 'PING':
        this.commands.ping();
        return end + 1;
      case 'PONG':
        this.commands.pong();
        return end + 1;
      case 'CONNECT':
        this.commands.connect(bytes.subarray(from, to));
        return end + 1;
      case 'INFO':
        return isObject(bytes.subarray(from, to)) ? end + 1 : this.fail();
      case '+OK':
        return end + 1;
      case '-ERR':
        return this.fail();
    }
  }

  private publication(bytes: Buffer, from: number, to: number, body: number, withHeaders: boolean): number {
    const count = this.split(bytes, from, to);
    const sizes = withHeaders ? 2 : 1;
    if (count !== sizes + 1 && count !== sizes + 2) return this.fail();
    const size = this.size(bytes, count - 1);
    const headerSize = withHeaders ? this.size(bytes, count - 2) : 0;
    if (size < 0 || headerSize < 0 || headerSize > size) return this.fail();
    if (size > this.maxPayload) return this.fail('Maximum Payload Violation');
    const head = {
      subject: this.text(bytes, 0),
      reply: count === sizes + 2 ? this.text(bytes, 1) : undefined,
      headerSize,
      headerSizeText: withHeaders ? this.text(bytes, count - 2) : '',
      sizeText: this.text(bytes, count - 1),
    };
    const end = body + size;
    if (end + 2 <= bytes.length) {
      if (bytes[end] !== CR || bytes[end + 1] !== LF) return this.fail('Unknown Protocol Operation');
      this.commands.publish({ ...head, bytes, from: body, to: end });
      return end + 2;
    }
    this.arriving = { head, bytes: Buffer.allocUnsafe(size + 2), filled: 0 };
    this.fill(this.arriving, bytes.subarray(body));
    return -1;
  }

  /** Puts what has come of a payload to the rest of it, and publishes when it is whole. Returns how much was used. */
  private fill(arriving: Arriving, chunk: Buffer): number {
    const { head, bytes } = arriving;
    const used = chunk.copy(bytes, arriving.filled);
    arriving.filled += used;
    const size = bytes.length - 2;
    const wrongEnd =
      (arriving.filled > size && bytes[size] !== CR) || (arriving.filled > size + 1 && bytes[size + 1] !== LF);
    if (wrongEnd) this.fail('Unknown Protocol Operation');
    else if (arriving.filled === bytes.length) {
      this.arriving = undefined;
      this.commands.publish({ ...head, bytes, from: 0, to: size });
    }
    return used;
  }

  private subscription(bytes: Buffer, from: number, to: number): boolean {
    const count = this.split(bytes, from, to);
    if (count !== 2 && count !== 3) return this.fail() > 0;
    const queue = count === 3 ? this.text(bytes, 1) : undefined;
    this.commands.subscribe(this.text(bytes, 0), queue, this.text(bytes, count - 1));
    return true;
  }

  private unsubscription(bytes: Buffer, from: number, to: number): boolean {
    const count = this.split(bytes, from, to);
    if (count !== 1 && count !== 2) return this.fail() > 0;
    this.commands.unsubscribe(this.text(bytes, 0), count === 2 ? Math.max(this.size(bytes, 1), 0) : 0);
    return true;
  }

  /** Finds the arguments, at most `MAX_ARGS`: more are wrong for every verb. */
  private split(bytes: Buffer, from: number, to: number): number {
    let count = 0;
    let inside = false;
    for (let at = from; at < to && count <= MAX_ARGS; at += 1) {
      const byte = bytes[at];
      const blank = byte === SPACE || byte === TAB || byte === CR;
      if (blank === !inside) continue;
      if (blank) this.args[count * 2 - 1] = at;
      else {
        this.args[count * 2] = at;
        this.args[count * 2 + 1] = to;
        count += 1;
      }
      inside = !blank;
    }
    return count;
  }

  private text(bytes: Buffer, index: number): string {
    return bytes.toString('latin1', this.args[index * 2], this.args[index * 2 + 1]);
  }

  /** A number of one to nine digits; -1 for anything else. */
  private size(bytes: Buffer, index: number): number {
    const from = this.args[index * 2] ?? 0;
    const to = this.args[index * 2 + 1] ?? 0;
    if (to - from > MAX_SIZE_DIGITS) return -1;
    let size = 0;
    for (let at = from; at < to; at += 1) {
      const digit = bytes[at] ?? 0;
      if (digit < ZERO || digit > NINE) return -1;
      size = size * 10 + digit - ZERO;
    }
    return size;
  }

  private fail(message?: ProtocolError): -1 {
    this.stop();
    this.commands.fail(message);
    return -1;
  }
}

/** The verb at `at`, in either case; `partial` when more bytes are needed to tell. */
function verbAt(bytes: Buffer, at: number): Verb | 'partial' | 'none' {
  // The usual case, without making a text of it.
  if (bytes[at] === P && bytes[at + 1] === U && bytes[at + 2] === B && bytes[at + 3] === SPACE) return 'PUB';
  const start = bytes.toString('latin1', at, at + LONGEST_VERB + 1).toUpperCase();
  for (const verb of verbs) {
    if (start.startsWith(verb)) {
      const after = start[verb.length];
      if (after !== undefined && after !== ' ' && after !== '\t' && spaced.has(verb)) return 'none';
      return verb;
    }
  }
  return verbs.some((verb) => verb.startsWith(start)) ? 'partial' : 'none';
}

function isObject(json: Buffer): boolean {
  try {
    const said: unknown = JSON.parse(json.toString('utf8'));
    return typeof said === 'object' && !Array.isArray(said);
  } catch {
    return false;
  }
}
