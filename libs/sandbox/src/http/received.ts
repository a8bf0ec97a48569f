import { type IncomingHttpHeaders } from 'node:http';

/** One request, read to its end. */
export class Received {
  /** Place in the journal; 0 for what is not journalled. */
  seq = 0;

  constructor(
    readonly method: string,
    /** Path and query as they came, prefix included. */
    readonly target: string,
    readonly headers: IncomingHttpHeaders,
    readonly body: Buffer,
    /** When the last byte of it was read: milliseconds since 1970, with fractions. */
    readonly receivedAtMs: number,
    private readonly makeSignal: () => AbortSignal,
  ) {}

  /** A signal that aborts when the caller is gone or the sandbox stops. Made on demand: most requests need none. */
  get signal(): AbortSignal {
    return this.makeSignal();
  }

  /** Path without query, still percent-encoded. */
  get path(): string {
    const mark = this.target.indexOf('?');
    return mark < 0 ? this.target : this.target.slice(0, mark);
  }

  get query(): URLSearchParams {
    const mark = this.target.indexOf('?');
    return new URLSearchParams(mark < 0 ? '' : this.target.slice(mark + 1));
  }

  /** Media type in lower case without parameters, or an empty string. */
  get mediaType(): string {
    return (this.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  }

  get text(): string {
    return this.body.toString('utf8');
  }
}
