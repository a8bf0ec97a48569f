import { FailureClass, Outbound, OutboundError } from '@hark/outbound';
import { classOfErrcode } from './wechat-codes';
import { WechatError } from './wechat-error';

/** An answer whose `errcode` is absent or 0. */
export interface WechatReply {
  readonly json: Readonly<Record<string, unknown>>;
  /** The body as it came. Numbers above 2^53 must be read from here, because JSON.parse rounds them. */
  readonly raw: string;
}

/** One call of the server API. */
export interface WechatCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The longest that it may take, in milliseconds. Default 5 000. */
  readonly withinMs?: number;
}

const timeoutMsDefault = 5_000;

/** Sends one call and reads the answer. WeChat reports almost every failure with HTTP status 200 and an `errcode`. */
export class WechatHttp {
  private readonly base: string;

  constructor(
    private readonly outbound: Outbound,
    baseUrl: string,
  ) {
    this.base = baseUrl.replace(/\/+$/, '');
  }

  /** Calls once; throws `WechatError` for everything but success. */
  async call({ method, path, query = {}, body, withinMs }: WechatCall): Promise<WechatReply> {
    const reply = await this.outbound
      .request({
        url: `${this.base}${path}?${new URLSearchParams(query)}`,
        method,
        timeoutMs: withinMs ?? timeoutMsDefault,
        trusted: true,
        // JSON.stringify writes Chinese unescaped. Some of WeChat's endpoints have counted `\u` escapes as six
        // characters.
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) }),
      })
      .catch((error: unknown) => {
        throw error instanceof OutboundError ? new WechatError(error.providerClass, error.reason) : error;
      });
    if (reply.status !== 200) throw new WechatError(classOfStatus(reply.status), `http ${reply.status}`);
    return parsed(reply.text);
  }
}

function classOfStatus(status: number): FailureClass {
  if (status >= 500) return 'TRANSIENT';
  return status === 429 ? 'THROTTLED' : 'CONFIG';
}

function parsed(raw: string): WechatReply {
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    json = null;
  }
  // The answer is not WeChat's but a proxy's: whether the call was carried out is unknown.
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new WechatError('UNKNOWN_OUTCOME', 'malformed');
  const reply = json as Record<string, unknown>;
  const errcode = reply['errcode'] ?? 0;
  if (typeof errcode !== 'number') throw new WechatError('UNKNOWN_OUTCOME', 'malformed');
  if (errcode === 0) return { json: reply, raw };
  const rid = /\brid: ([0-9a-f-]{8,40})/.exec(String(reply['errmsg']))?.[1];
  throw new WechatError(classOfErrcode(errcode), `errcode ${errcode}`, errcode, rid);
}
