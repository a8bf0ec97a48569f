import { performance } from 'node:perf_hooks';
import { Outbound } from '@hark/outbound';
import { withTimeout } from '@hark/resilience';
import { AccessTokens, WechatApp } from './access-tokens';
import { SubscribeMessage, SubscribeMessages } from './subscribe-messages';
import { Templates } from './templates';
import { checkText, TextToCheck, TextVerdict } from './text-check';
import { decryptUserData, EncryptedUserData, sessionSignature } from './user-data';
import { WechatError } from './wechat-error';
import { WechatHttp, WechatReply } from './wechat-http';

/** The hub's own mini program, and the address of WeChat's API. */
export interface WechatOptions extends WechatApp {
  /** `WECHAT_BASE_URL`; its origin must be among the outbound's `allowOrigins`, or every call is refused. */
  readonly baseUrl: string;
  readonly outbound: Outbound;
  /** Monotonic milliseconds, for the age of the token. Default: the machine's. */
  readonly nowMs?: () => number;
}

/** What a login code stands for. The session key is a secret between WeChat and this server: never log or send it. */
export interface WechatSession {
  readonly openid: string;
  readonly sessionKey: string;
  readonly unionId?: string;
}

const codeCharactersMax = 256;
const identifierCharactersMax = 128;
const busyCode = -1;
/**
 * The longest that a call may take for which somebody waits, its repeat included, in milliseconds: the gateway gives up
 * after five seconds, and the answer should be ours, which says what to do next.
 */
const personWaitsMs = 4_000;
/** What WeChat says of a secret that is not the appId's, or of an appId that there is not. */
const wrongSecret: ReadonlySet<number> = new Set([40001, 40013, 40125]);

/** The part of WeChat's server API that the hub uses. Every call ends within seconds and throws only `WechatError`. */
export class WechatClient {
  private readonly http: WechatHttp;
  private readonly tokens: AccessTokens;
  private readonly messages: SubscribeMessages;
  private readonly templates: Templates;
  private readonly app: WechatApp;

  constructor({ outbound, baseUrl, appId, appSecret, nowMs }: WechatOptions) {
    this.app = { appId, appSecret };
    this.http = new WechatHttp(outbound, baseUrl);
    this.tokens = new AccessTokens(this.http, this.app, nowMs);
    this.messages = new SubscribeMessages(this.http, this.tokens);
    this.templates = new Templates(this.http, this.tokens, nowMs);
  }

  /**
   * Exchanges a code of `wx.login`, which works once (WeChat docs: code2Session). `loginAgain` on the error means that
   * the client needs a new code; so does a lost answer, because the code may be spent.
   */
  async code2Session(code: string): Promise<WechatSession> {
    if (code === '' || code.length > codeCharactersMax) throw new WechatError('BAD_REQUEST', 'code', 40029);
    const endMs = performance.now() + personWaitsMs;
    const { json } = await this.exchange(code, personWaitsMs).catch((error: unknown) => {
      const busy = error instanceof WechatError && error.errcode === busyCode;
      if (busy) return this.exchange(code, endMs - performance.now()); // the code is not consumed: once more
      throw error;
    });
    const { openid, session_key: sessionKey, unionid } = json;
    if (!isIdentifier(openid) || !isIdentifier(sessionKey)) throw new WechatError('UNKNOWN_OUTCOME', 'malformed');
    return { openid, sessionKey, ...(isIdentifier(unionid) ? { unionId: unionid } : {}) };
  }

  /**
   * Whether WeChat takes `appSecret` as that mini program's, by asking for its token in the mode that leaves a token in
   * use alone (WeChat docs: getStableAccessToken). The token is thrown away. Throws where WeChat does not say, e.g. when
   * the mini program lets only listed addresses ask (40164).
   */
  async isSecretOf(app: WechatApp): Promise<boolean> {
    try {
      await soon(new AccessTokens(this.http, app).with(() => Promise.resolve()));
      return true;
    } catch (error) {
      if (error instanceof WechatError && wrongSecret.has(error.errcode ?? 0)) return false;
      throw error;
    }
  }

  /** False when WeChat no longer honours the session key: the client must log in again. */
  async checkSession({ openid, sessionKey }: WechatSession): Promise<boolean> {
    const query = { openid, signature: sessionSignature(sessionKey), sig_method: 'hmac_sha256' };
    try {
      await soon(
        this.tokens.with((token) =>
          this.http.call({ method: 'GET', path: '/wxa/checksession', query: { access_token: token, ...query } }),
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof WechatError && error.errcode === 87009) return false;
      throw error;
    }
  }

  /** The verdict on a text; `unavailable` is a value here, never an exception (`checkText`). */
  async msgSecCheck(input: TextToCheck): Promise<TextVerdict> {
    return checkText(this.http, this.tokens, input);
  }

  /** Sends a subscribe message, values cut to what WeChat accepts. At most once: nothing here repeats a lost answer. */
  async sendSubscribe(message: SubscribeMessage): Promise<{ msgId?: string }> {
    return this.messages.send(message);
  }

  /** The keywords of a template of the mini program, in its order; undefined when it has no such template. */
  async templateKeywords(templateId: string): Promise<readonly string[] | undefined> {
    return this.templates.keywordsOf(templateId);
  }

  /**
   * Decrypts data that WeChat encrypted for this mini program, at most ten minutes old at `nowMs` (epoch milliseconds).
   */
  decryptUserData(data: EncryptedUserData, nowMs: number): Readonly<Record<string, unknown>> {
    return decryptUserData(data, { appId: this.app.appId, nowMs });
  }

  private exchange(code: string, withinMs: number): Promise<WechatReply> {
    const { appId, appSecret } = this.app;
    const query = { appid: appId, secret: appSecret, js_code: code, grant_type: 'authorization_code' };
    return this.http.call({ method: 'GET', path: '/sns/jscode2session', query, withinMs });
  }
}

/** What changes nothing at WeChat and may be asked again. */
const soon = <T>(work: Promise<T>): Promise<T> =>
  withTimeout(personWaitsMs, work, (): never => {
    throw new WechatError('TRANSIENT', 'timeout');
  });

const isIdentifier = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= identifierCharactersMax;
