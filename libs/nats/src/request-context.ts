import type { MsgHdrs } from 'nats';
import { Locale, locale } from '@hark/contracts';
import { FieldError, HarkError, isTraceparent, isUuid, uuid7 } from '@hark/kernel';
import { Caller } from './caller';

/** What is known of a client before it says who it is. Both are only as true as the client and its proxies are. */
export interface ClientFacts {
  /** The IP address, by the rules of `HARK_TRUSTED_PROXIES`. */
  readonly address: string;
  /** `User-Agent` in printable ASCII, at most `userAgentMax` characters. */
  readonly userAgent?: string;
}

export const userAgentMax = 256;

/** Everything about a request that is not its data. */
export interface RequestContext {
  readonly caller: Caller;
  /** For logs and problem documents: one id from the edge to the last service. */
  readonly requestId: string;
  /** The same for a repeat under the same Idempotency-Key: event ids derive from it. */
  readonly commandId: string;
  /** Hash of the request's body; only with an Idempotency-Key. */
  readonly requestHash?: string;
  /** The `Hark-Position` that the answer must include. */
  readonly position?: string;
  /** The language to answer in. */
  readonly locale: Locale;
  /** Which of our languages the client named itself; absent when it named none, so that `locale` is a guess. */
  readonly clientLocale?: Locale;
  /** The client that the gateway talks to. Personal: never logged, and stored only sealed or as a keyed hash. */
  readonly client?: ClientFacts;
  /** Epoch milliseconds. The caller has given up by then, so nothing is begun after it. */
  readonly deadlineMs: number;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly subject: string;
}

/** The names of the request headers; compared without regard to case. */
export const requestHeaders = {
  caller: 'hark-caller',
  requestId: 'hark-request-id',
  deadline: 'hark-deadline',
  commandId: 'hark-command-id',
  requestHash: 'hark-request-hash',
  position: 'hark-position',
  locale: 'hark-locale',
  clientLocale: 'hark-client-locale',
  clientAddress: 'hark-client-address',
  userAgent: 'hark-user-agent',
  traceparent: 'traceparent',
} as const;

/** The time, in milliseconds from its arrival, of a request without a deadline, and the most that any request gets. */
export const requestTimeoutMs = 5_000;
const requestTimeoutMaxMs = 60_000;

const addressPattern = /^[0-9a-fA-F.:]{2,45}$/;
const hashPattern = /^[0-9a-f]{32,128}$/;
// Only the form is checked here. The reader of the position checks what the token says.
const positionPattern = /^[\x21-\x7e]{1,64}$/;
const epochMsPattern = /^[0-9]{1,15}$/;

/** Each header's first value by its lower-case name. Throws `invalid` `request.invalid` for headers nats.js cannot read. */
export function readHeaders(message: { readonly headers?: MsgHdrs }): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  try {
    for (const [name, [value]] of message.headers ?? []) {
      const key = name.toLowerCase();
      if (value !== undefined && !found.has(key)) found.set(key, value);
    }
  } catch {
    throw new HarkError('invalid', 'request.invalid', 'the headers cannot be read', {
      errors: [{ path: 'headers', message: 'cannot be read' }],
    });
  }
  return found;
}

/**
 * The context of a request by an already verified `caller`. A malformed header that would change what the request does
 * throws `invalid` `request.invalid` naming it; any other malformed header is replaced by a default.
 */
export function readContext(
  headers: ReadonlyMap<string, string>,
  caller: Caller,
  subject: string,
  nowMs: number,
): RequestContext {
  const errors: FieldError[] = [];
  const checked = (name: string, valid: (value: string) => boolean): string | undefined => {
    const value = headers.get(name);
    if (value === undefined || value === '' || valid(value)) return value || undefined;
    errors.push({ path: `headers.${name}`, message: 'is malformed' });
    return undefined;
  };
  const deadline = checked(requestHeaders.deadline, (value) => epochMsPattern.test(value));
  const commandId = checked(requestHeaders.commandId, isUuid);
  const requestHash = checked(requestHeaders.requestHash, (value) => hashPattern.test(value));
  const position = checked(requestHeaders.position, (value) => positionPattern.test(value));
  if (errors.length > 0) throw new HarkError('invalid', 'request.invalid', 'a request header is malformed', { errors });

  const requestId = headers.get(requestHeaders.requestId);
  const traceparent = headers.get(requestHeaders.traceparent);
  const address = headers.get(requestHeaders.clientAddress) ?? '';
  const userAgent = printable(headers.get(requestHeaders.userAgent) ?? '');
  const clientLocale = locale.safeParse(headers.get(requestHeaders.clientLocale)).data;
  return {
    caller,
    subject,
    requestId: isUuid(requestId) ? requestId : uuid7(),
    commandId: commandId ?? uuid7(),
    ...(requestHash ? { requestHash } : {}),
    ...(position ? { position } : {}),
    locale: headers.get(requestHeaders.locale) === 'en' ? 'en' : 'zh-CN',
    ...(clientLocale ? { clientLocale } : {}),
    ...(addressPattern.test(address) ? { client: { address, ...(userAgent && { userAgent }) } } : {}),
    deadlineMs: Math.min(deadline ? Number(deadline) : nowMs + requestTimeoutMs, nowMs + requestTimeoutMaxMs),
    ...(isTraceparent(traceparent) ? { traceparent } : {}),
  };
}

/** A header's value as it may stand in another header: printable ASCII, cut. */
export const printable = (value: string): string =>
  value
    .replace(/[^\x20-\x7e]+/g, '')
    .trim()
    .slice(0, userAgentMax);
