import { hubUrl } from './hub-url';

/** An answer of the hub, of any status. `data` is what the body's JSON held, or a text. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** What `wx.request` can send (WeChat docs: wx.request): there is no PATCH. */
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** WeChat fails what goes beyond ten at once (WeChat docs: network, limits of use). */
const underWayMax = 10;
/** More than so many wait for nothing: a page that asks so much is wrong. */
const waitingMax = 100;
const timeoutMs = 15_000;

/** How long after a write reads ask to see it; by then every read model has. */
const seenWithinMs = 10_000;

let written = { position: '', untilMs: 0 };
let underWay = 0;
const waiting: (() => void)[] = [];

/** Rejects with this when nothing answered: no network, a time-out, or the program was in the background too long. */
export class Unreachable extends Error {}

/**
 * One call of the hub; resolves for every status. Beyond ten at once calls wait for their turn. What was written here is seen
 * by what is read afterwards.
 */
export async function exchange(
  method: Method,
  path: string,
  header: Readonly<Record<string, string>>,
  body?: object,
): Promise<Answer> {
  if (underWay >= underWayMax) {
    if (waiting.length >= waitingMax) throw new Unreachable('too many calls wait');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else underWay += 1;
  try {
    return await sent(method, path, header, body);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}

const sent = (method: Method, path: string, header: object, body?: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    wx.request({
      url: hubUrl + path,
      method,
      header:
        method === 'GET' && Date.now() < written.untilMs ? { ...header, 'hark-position': written.position } : header,
      timeout: timeoutMs,
      ...(body && { data: body }),
      success: ({ statusCode, data, header: names }) => {
        const position = lowerCase(names)['hark-position'];
        if (method !== 'GET' && position !== undefined) written = { position, untilMs: Date.now() + seenWithinMs };
        resolve({ status: statusCode, data });
      },
      fail: ({ errMsg }) => reject(new Unreachable(errMsg)),
    });
  });

const lowerCase = (names: Readonly<Record<string, string>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(names).map(([name, value]) => [name.toLowerCase(), value]));
