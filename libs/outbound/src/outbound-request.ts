import { OutboundError } from './outbound-error';

/** One request. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** For everything together, in milliseconds: queue, name, connection, answer. Default 10 000, at most 30 000. */
  readonly timeoutMs?: number;
  /** The largest body of an answer, in bytes. Default 64 KiB, at most 1 MiB. */
  readonly maxBytes?: number;
  /**
   * The hub itself wrote the URL, from its settings: the origin must be a configured one, and the guard's rules do not
   * apply. Never set it for a URL that a person typed.
   */
  readonly trusted?: boolean;
}

/** An answer of any status, redirects included: none is followed. */
export interface OutboundReply {
  readonly status: number;
  /** Names in lower case; several values joined by `, `; no cookies. */
  readonly headers: Record<string, string>;
  /** The body as UTF-8, never decompressed. */
  readonly text: string;
}

const timeoutMsDefault = 10_000;
const timeoutMsMax = 30_000;
const replyBytesDefault = 64 * 1024;
const replyBytesMax = 1024 * 1024;
const bodyBytesMax = 256 * 1024;
const headersMax = 40;
const headerCharactersMax = 4_096;
// The connection or the guard sets these. A caller that could set them could smuggle a second request.
const reservedHeader =
  /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length|accept-encoding|cookie)$/i;

/** The request with its bounds applied, ready to be sent. */
export interface BoundedRequest {
  readonly method: OutboundRequest['method'];
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Applies defaults and caps. Throws `refused` for headers or a body that must not be sent. */
export function boundRequest(request: OutboundRequest): BoundedRequest {
  const headers = Object.entries(request.headers ?? {});
  if (headers.length > headersMax) throw new OutboundError('refused', 'headers');
  for (const [name, value] of headers) {
    if (!/^[\w!#$%&'*+.^`|~-]{1,80}$/.test(name) || reservedHeader.test(name))
      throw new OutboundError('refused', 'header-name');
    if (value.length > headerCharactersMax || !/^[\t\x20-\x7e]*$/.test(value))
      throw new OutboundError('refused', 'header-value');
  }
  if (Buffer.byteLength(request.body ?? '') > bodyBytesMax) throw new OutboundError('refused', 'body');
  return {
    method: request.method,
    headers: { 'user-agent': 'Hark/0.1', ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
    body: request.body ?? null,
    timeoutMs: Math.min(request.timeoutMs ?? timeoutMsDefault, timeoutMsMax),
    maxBytes: Math.min(request.maxBytes ?? replyBytesDefault, replyBytesMax),
  };
}
