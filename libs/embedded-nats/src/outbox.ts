import type { Socket } from 'node:net';

const SMALLEST_CHUNK = 1_024;
const LARGEST_CHUNK = 65_536;
/** Payloads from this size on are handed to the socket as they are instead of being copied. */
const COPY_BELOW = 16_384;
const CRLF = Buffer.from('\r\n');

/**
 * What one client is still to be sent. Gathers everything of one turn of the event loop and gives it to the socket in
 * one write. Never refuses: the owner watches `pendingBytes`.
 */
export class Outbox {
  private readonly full: Buffer[] = [];
  private chunk: Buffer | undefined;
  private used = 0;
  private gathered = 0;
  private expected = SMALLEST_CHUNK;

  constructor(private readonly socket: Socket) {}

  /** Bytes not yet taken by the kernel. */
  get pendingBytes(): number {
    return this.gathered + this.socket.writableLength;
  }

  /** Adds a line; `text` is latin1 and carries its own line end. */
  line(text: string): void {
    const chunk = this.room(text.length);
    this.used += chunk.write(text, this.used, 'latin1');
    this.gathered += text.length;
  }

  /** Adds a line and a payload with its line end. `bytes` must not change after. */
  message(text: string, bytes: Buffer, from: number, to: number): void {
    const size = to - from;
    if (size >= COPY_BELOW) {
      this.line(text);
      this.seal();
      this.full.push(bytes.subarray(from, to), CRLF);
      this.gathered += size + 2;
      return;
    }
    const chunk = this.room(text.length + size + 2);
    let at = this.used;
    at += chunk.write(text, at, 'latin1');
    at += bytes.copy(chunk, at, from, to);
    chunk[at] = 13;
    chunk[at + 1] = 10;
    this.used = at + 2;
    this.gathered += text.length + size + 2;
  }

  /** Hands everything to the socket. */
  flush(): void {
    if (this.gathered === 0) return;
    this.expected = Math.min(Math.max(this.gathered, SMALLEST_CHUNK), LARGEST_CHUNK);
    this.seal();
    if (this.full.length === 1) this.socket.write(this.full[0]!);
    else {
      this.socket.cork();
      for (const chunk of this.full) this.socket.write(chunk);
      this.socket.uncork();
    }
    this.full.length = 0;
    this.gathered = 0;
  }

  private room(size: number): Buffer {
    if (this.chunk !== undefined && this.chunk.length - this.used >= size) return this.chunk;
    this.seal();
    this.chunk = Buffer.allocUnsafe(Math.max(size, this.gathered > 0 ? LARGEST_CHUNK : this.expected));
    return this.chunk;
  }

  private seal(): void {
    if (this.chunk !== undefined && this.used > 0) this.full.push(this.chunk.subarray(0, this.used));
    this.chunk = undefined;
    this.used = 0;
  }
}
