/** What a client said of itself in CONNECT, with what it has not said as nats-server 2.9 takes it. */
export interface ConnectOptions {
  /** Answer each command with `+OK`. On until the client says otherwise. */
  readonly verbose: boolean;
  /** Tell of publishing to something that is no literal subject. */
  readonly pedantic: boolean;
  /** Whether the client's own messages come back to its own subscriptions. */
  readonly echo: boolean;
  readonly headers: boolean;
  /** Tell at once, with status 503, when nobody listens to a request. */
  readonly no_responders: boolean;
  readonly auth_token: string;
  readonly protocol: number;
}

/** Before CONNECT: so a person with a terminal sees what happens. */
export const unsaid: ConnectOptions = {
  ...{ verbose: true, pedantic: true, echo: true, headers: false, no_responders: false, auth_token: '', protocol: 0 },
};

const kinds = {
  ...{ verbose: 'boolean', pedantic: 'boolean', echo: 'boolean', headers: 'boolean', no_responders: 'boolean' },
  ...{
    tls_required: 'boolean',
    protocol: 'number',
    auth_token: 'string',
    user: 'string',
    pass: 'string',
    name: 'string',
  },
  ...{ lang: 'string', version: 'string', jwt: 'string', nkey: 'string', sig: 'string', account: 'string' },
} as const;

/**
 * Reads the argument of CONNECT over what was said before; undefined when it is not an object or a field has the wrong
 * type. Field names in any case, unknown fields and nulls ignored, as nats-server 2.9 does.
 */
export function readConnect(json: Buffer, before: ConnectOptions): ConnectOptions | undefined {
  let said: unknown;
  try {
    said = JSON.parse(json.toString('utf8'));
  } catch {
    return undefined;
  }
  if (said === null) return before;
  if (typeof said !== 'object' || Array.isArray(said)) return undefined;
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(said)) {
    const name = key.toLowerCase();
    if (!Object.hasOwn(kinds, name) || value === null) continue;
    const kind = kinds[name as keyof typeof kinds];
    if (typeof value !== kind || (kind === 'number' && !Number.isSafeInteger(value))) return undefined;
    known[name] = value;
  }
  return { ...before, ...known };
}
