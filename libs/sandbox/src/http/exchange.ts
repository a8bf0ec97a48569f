import { type IncomingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';

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

/** An answer as data, so that a fault can delay, replace or swallow it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer that goes on: `take` owns the response from then on and must end it. */
export interface Streamed {
  take(response: ServerResponse): void;
}

export type Answer = Reply | Streamed;
export type Handler = (request: Received) => Answer | Promise<Answer>;

export const reply = (status: number, type: string, body: string, headers?: Record<string, string>): Reply => ({
  status,
  headers: { 'content-type': type, ...headers },
  body,
});

export const json = (status: number, value: unknown): Reply => reply(status, 'application/json', JSON.stringify(value));

export const text = (status: number, body: string): Reply => reply(status, 'text/plain; charset=utf-8', body);

/** One thing that is wrong with the input, with a path such as `body.times`. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457 problem document, as the hub's own API answers them. */
export const problem = (status: number, code: string, detail: string, errors?: readonly InputError[]): Reply =>
  reply(
    status,
    'application/problem+json',
    JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code, errors }),
  );

/** Parses JSON; undefined (which JSON cannot express) when it is none. */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** True for a JSON object: not null, not an array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
