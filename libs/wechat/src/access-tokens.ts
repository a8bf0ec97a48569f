import { performance } from 'node:perf_hooks';
import { WechatError } from './wechat-error';
import { WechatHttp } from './wechat-http';

/** The mini program on whose behalf calls are made. */
export interface WechatApp {
  readonly appId: string;
  readonly appSecret: string;
}

interface Token {
  readonly text: string;
  readonly endMs: number;
}

const earlyMs = 5 * 60_000;
const refetchMsMin = 10_000;
const forceMsMin = 30_000;
const forcesPerDayMax = 20;
const dayMs = 24 * 3_600_000;

/**
 * The mini program's access token, from `stable_token` (WeChat docs: getStableAccessToken), which gives every process
 * the same one, so that replicas need no shared store. Concurrent callers share one fetch. It is fetched anew five
 * minutes early, while the old one still works, and a failed fetch keeps the old one. Forcing a new token kills the old
 * one for everybody at once, hence the guards.
 */
export class AccessTokens {
  private current: Token | null = null;
  private fetching: Promise<Token> | null = null;
  private forcing: Promise<Token> | null = null;
  private fetchedMs = -Infinity;
  private readonly forcedMs: number[] = [];

  constructor(
    private readonly http: WechatHttp,
    private readonly app: WechatApp,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /**
   * Runs `call` with the token. After a stale-token error the token is fetched again and the call repeated once. If
   * WeChat gave the same token again and it still fails, a new one is forced, where the guards allow it, and the call
   * repeated once more.
   */
  async with<T>(call: (token: string) => Promise<T>): Promise<T> {
    const first = await this.get();
    const stale = (error: unknown) => error instanceof WechatError && error.providerClass === 'AUTH_REFRESH';
    try {
      return await call(first);
    } catch (error) {
      if (!stale(error)) throw error;
    }
    this.drop(first);
    const second = await this.get();
    try {
      return await call(second);
    } catch (error) {
      if (!stale(error) || second !== first) throw error;
      const third = await this.forced(second);
      if (third === null) throw error;
      return call(third);
    }
  }

  /** A token other than `failing`, which WeChat calls good and refuses; null while forcing is not allowed. */
  private async forced(failing: string): Promise<string | null> {
    if (this.forcing === null) {
      if (this.current !== null && this.current.text !== failing) return this.current.text;
      if (!this.mayForce()) return null;
      this.forcedMs.push(this.nowMs());
      this.drop(failing);
      this.forcing = this.ask(true).finally(() => (this.forcing = null));
    }
    return (await this.forcing).text;
  }

  private async get(): Promise<string> {
    if (this.forcing !== null) return (await this.forcing).text;
    const { current } = this;
    const nowMs = this.nowMs();
    const leftMs = current === null ? 0 : current.endMs - nowMs;
    if (current !== null && (leftMs > earlyMs || (leftMs > 0 && nowMs - this.fetchedMs < refetchMsMin)))
      return current.text;
    try {
      return (await this.fetch()).text;
    } catch (error) {
      if (current !== null && leftMs > 0) return current.text;
      throw error;
    }
  }

  private drop(text: string): void {
    if (this.current?.text === text) this.current = null;
  }

  private mayForce(): boolean {
    const nowMs = this.nowMs();
    while (this.forcedMs.length > 0 && nowMs - this.forcedMs[0]! > dayMs) this.forcedMs.shift();
    const lastMs = this.forcedMs.at(-1) ?? -Infinity;
    return this.forcedMs.length < forcesPerDayMax && nowMs - lastMs >= forceMsMin;
  }

  private fetch(): Promise<Token> {
    if (this.fetching !== null) return this.fetching;
    this.fetchedMs = this.nowMs();
    this.fetching = this.ask(false).finally(() => (this.fetching = null));
    return this.fetching;
  }

  private async ask(force: boolean): Promise<Token> {
    const { appId, appSecret } = this.app;
    const body = {
      grant_type: 'client_credential',
      appid: appId,
      secret: appSecret,
      ...(force ? { force_refresh: true } : {}),
    };
    const askedMs = this.nowMs();
    const { json } = await this.http
      .call({ method: 'POST', path: '/cgi-bin/stable_token', body })
      .catch((error: unknown) => {
        // On this call 40001 means a wrong secret, not a stale token. Repeating it is always safe.
        if (!(error instanceof WechatError)) throw error;
        const { providerClass, detail, errcode, rid } = error;
        if (providerClass === 'AUTH_REFRESH') throw new WechatError('CONFIG', detail, errcode, rid);
        throw providerClass === 'UNKNOWN_OUTCOME' ? new WechatError('TRANSIENT', detail, errcode, rid) : error;
      });
    const { access_token: text, expires_in: seconds } = json;
    if (typeof text !== 'string' || text === '' || typeof seconds !== 'number')
      throw new WechatError('TRANSIENT', 'malformed');
    // An answer to a question asked before the last forcing names a token which that forcing has killed.
    const outdated = !force && (this.forcedMs.at(-1) ?? -Infinity) >= askedMs;
    if (outdated && this.current !== null) return this.current;
    this.current = { text, endMs: askedMs + seconds * 1_000 };
    return this.current;
  }
}
