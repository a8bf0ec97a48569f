/** An HTTP answer with its JSON body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // Whatever the other side sent; check what is expected where it is used.
  readonly body: Json;
}

/** Any JSON, read member by member; a member that is not there is `undefined`. */
export interface Json {
  readonly [member: string]: Json & (string | number | boolean | undefined);
}

export interface HttpCall {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long one call may take. */
const callTimeoutMs = 15_000;

/** One call; resolves for every status, rejects only when nothing answered in time. */
export async function call(
  base: string,
  method: string,
  path: string,
  { token, body, headers }: HttpCall = {},
): Promise<HttpAnswer> {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(callTimeoutMs),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Json };
}

/** The error of a step that saw something unexpected. */
export class Unexpected extends Error {
  constructor(
    readonly expected: string,
    readonly came: string,
  ) {
    super(`expected ${expected}, came ${came}`);
  }
}

/** The answer when it has the status (and code) that was expected; else `Unexpected`. */
export function expecting(answer: HttpAnswer, status: number, code?: string): HttpAnswer {
  if (answer.status === status && (code === undefined || answer.body.code === code)) return answer;
  throw new Unexpected(
    `${status}${code ? ` ${code}` : ''}`,
    `${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`,
  );
}

/** Throws `Unexpected` unless `actual` equals `expected`. */
export function same(what: string, actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Unexpected(`${what} ${JSON.stringify(expected)}`, JSON.stringify(actual) ?? 'nothing');
}
