import { isObject, parseJson } from '../http/exchange';

/** A push as bark-server understands it: six known fields and everything else by lower-case name, as text. */
export interface BarkParameters {
  id?: string;
  device_key?: string;
  title?: string;
  subtitle?: string;
  body?: string;
  sound?: string;
  /** V2 only: several targets. Not a list of strings when the sender made a mistake. */
  deviceKeys?: unknown;
  readonly params: Record<string, string>;
}

/** A refusal with the text of bark-server; answered with HTTP 400 unless `code` says otherwise. */
export class BarkRefusal extends Error {
  constructor(
    message: string,
    readonly code: 400 | 404 | 405 | 500 = 400,
  ) {
    super(message);
  }
}

const known = new Set(['id', 'device_key', 'title', 'subtitle', 'body', 'sound']);
type Known = 'id' | 'device_key' | 'title' | 'subtitle' | 'body' | 'sound';

/** The parameters in the request line and the body of a push, before precedence is applied. */
export interface PushSource {
  readonly mediaType: string;
  readonly contentType: string;
  readonly body: string;
  readonly query: URLSearchParams;
  readonly path: Partial<Record<Known, string>>;
}

/**
 * Reads a push the way bark-server does (its source). With a JSON body ("V2"): JSON < query < path. Otherwise ("V1"):
 * query < form < multipart < path. The known fields take only strings: a number there goes to the extras. Throws
 * BarkRefusal.
 */
export function readParameters(source: PushSource): BarkParameters {
  // No prototype: a sender may name a field __proto__.
  const result: BarkParameters = { params: Object.create(null) as Record<string, string> };
  if (isJson(source.mediaType)) {
    takeJson(result, source.body);
    takePairs(result, source.query);
  } else {
    takePairs(result, source.query);
    if (source.mediaType === 'multipart/form-data') takePairs(result, multipart(source.contentType, source.body));
    else if (source.mediaType === 'application/x-www-form-urlencoded')
      takePairs(result, new URLSearchParams(source.body));
  }
  for (const [name, value] of Object.entries(source.path)) result[name as Known] = value;
  return result;
}

const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

function takeJson(result: BarkParameters, body: string): void {
  const parsed = parseJson(body);
  if (!isObject(parsed)) {
    throw new BarkRefusal('request bind failed: json: cannot unmarshal the body into a map');
  }
  for (const [name, value] of Object.entries(parsed)) {
    if (name === 'device_keys') result.deviceKeys = value;
    else if (isObject(value)) for (const [inner, leaf] of Object.entries(value)) takeExtra(result, inner, leaf);
    else take(result, name, value);
  }
}

function takePairs(result: BarkParameters, pairs: Iterable<[string, string]>): void {
  for (const [name, value] of pairs) take(result, name, value);
}

function take(result: BarkParameters, name: string, value: unknown): void {
  const lower = name.toLowerCase();
  if (known.has(lower) && typeof value === 'string') result[lower as Known] = value;
  else takeExtra(result, lower, value);
}

function takeExtra(result: BarkParameters, name: string, value: unknown): void {
  const lower = name.toLowerCase();
  // bark-server panics on a `group` that is not a string.
  if (lower === 'group' && typeof value !== 'string') {
    throw new BarkRefusal('interface conversion: interface {} is not string', 500);
  }
  result.params[lower] = goText(value);
}

/** As Go's `%v` prints what encoding/json decoded: 2592000 becomes 2.592e+06, which is why senders send strings. */
export function goText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goNumber(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value)) {
    const pairs = Object.keys(value).sort();
    return `map[${pairs.map((name) => `${name}:${goText(value[name])}`).join(' ')}]`;
  }
  return value === true ? 'true' : 'false';
}

function goNumber(value: number): string {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function multipart(contentType: string, body: string): [string, string][] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) throw new BarkRefusal('request bind failed: no multipart boundary param in Content-Type');
  const pairs: [string, string][] = [];
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const end = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/i.exec(part.slice(0, end))?.[1];
    if (name !== undefined) pairs.push([name, part.slice(end + 4, -2)]);
  }
  return pairs;
}
