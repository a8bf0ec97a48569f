import type { Fault } from '../control/faults';
import { isObject, parseJson, type Reply, reply } from '../http/exchange';
import { type Received } from '../http/received';
import type { ContentCheck } from './content-check';
import type { StableTokens } from './stable-tokens';
import type { SubscribeMessages } from './subscribe-messages';
import { failure, platformReply, success, WeChatRefusal } from './wechat-reply';
import type { Identity, WeChatUsers } from './wechat-users';

/** The credentials the platform knows. */
export interface MiniProgram {
  readonly appId: string;
  readonly appSecret: string;
}

/** By this secret the platform knows every mini program that is not the hub's: examples and tests have their own people. */
export const thirdPartySecret = 'third-party-secret';

type Call = (request: Received, query: URLSearchParams) => Reply | Promise<Reply>;

/** The private templates of the mini program (WeChat docs: getTemplateList). */
const templates = [
  {
    priTmplId: 'TEMPLATE_ID_EXAMPLE',
    title: '消息提醒',
    content: '标题:{{thing1.DATA}}\n内容:{{thing2.DATA}}\n时间:{{time3.DATA}}\n',
    example: '标题:工单\n内容:工程师已出发\n时间:2026年11月22日 17:00\n',
    type: 2,
  },
];

/** Stands in for api.weixin.qq.com. */
export class WeChat {
  private readonly calls: Readonly<Record<string, { method: 'GET' | 'POST'; call: Call }>> = {
    '/sns/jscode2session': { method: 'GET', call: (_, query) => this.login(query) },
    '/cgi-bin/stable_token': { method: 'POST', call: (request) => this.token(request) },
    '/wxa/checksession': { method: 'GET', call: (_, query) => this.checkSession(query) },
    '/wxa/resetusersessionkey': { method: 'GET', call: (_, query) => this.resetSession(query) },
    '/wxa/msg_sec_check': { method: 'POST', call: (request, query) => this.checkContent(request, query) },
    '/wxaapi/newtmpl/gettemplate': { method: 'GET', call: (_, query) => this.listTemplates(query) },
    '/cgi-bin/message/subscribe/send': { method: 'POST', call: (request, query) => this.send(request, query) },
  };

  constructor(
    private readonly program: MiniProgram,
    readonly users: WeChatUsers,
    readonly tokens: StableTokens,
    readonly content: ContentCheck,
    readonly messages: SubscribeMessages,
  ) {}

  /** Answers a request; `path` is what follows the prefix. Always HTTP 200. */
  async handle(request: Received, path: string): Promise<Reply> {
    try {
      const known = Object.hasOwn(this.calls, path) ? this.calls[path] : undefined;
      if (!known) throw new WeChatRefusal(40066, 'invalid url');
      if (request.method !== known.method) {
        throw new WeChatRefusal(known.method === 'POST' ? 43002 : 43001, `require ${known.method} method`);
      }
      return await known.call(request, request.query);
    } catch (error) {
      if (error instanceof WeChatRefusal) return failure(error);
      throw error;
    }
  }

  /** The platform's own way to fail: errcode -1, or a bare HTTP error with an HTML page when a status is given. */
  fail(fault: Fault, path: string): Reply {
    if (fault.mode === 'rate-limit') {
      return path === '/wxa/msg_sec_check'
        ? failure(new WeChatRefusal(44991, 'reach max api minute frequence limit'))
        : failure(new WeChatRefusal(45011, 'api minute-quota reach limit, must slower, retry next minute'));
    }
    const { errcode = -1, message = 'system error' } = fault;
    if (fault.status === undefined) return failure(new WeChatRefusal(errcode, message));
    return reply(fault.status, 'text/html', `<html><body><h1>${fault.status}</h1></body></html>`);
  }

  /** The code that `wx.login` gives somebody in a mini program. */
  mint(identity: Identity, sessionKey?: string, appId?: string): string {
    return this.users.mint(identity, sessionKey, appId === this.program.appId ? undefined : appId);
  }

  reset(): void {
    this.users.reset();
    this.tokens.reset();
    this.content.reset();
    this.messages.reset();
  }

  private login(query: URLSearchParams): Reply {
    const [appId, secret] = [query.get('appid'), query.get('secret')];
    const isThirdParty = secret === thirdPartySecret && appId !== null && appId !== this.program.appId;
    if (!isThirdParty) this.authenticate(appId, secret);
    const code = query.get('js_code');
    if (!code) throw new WeChatRefusal(41008, 'missing code,');
    if (query.get('grant_type') !== 'authorization_code') throw new WeChatRefusal(40002, 'invalid grant_type,');
    const { openid, sessionKey, unionid } = this.users.exchange(code, isThirdParty ? appId : undefined);
    return platformReply(JSON.stringify({ session_key: sessionKey, openid, unionid }));
  }

  private token(request: Received): Reply {
    const body = bodyOf(request);
    if (body.grant_type !== 'client_credential') throw new WeChatRefusal(40002, 'invalid grant_type,');
    this.authenticate(body.appid, body.secret);
    const force = body.force_refresh ?? false;
    if (typeof force !== 'boolean') throw new WeChatRefusal(47001, 'data format error,');
    return platformReply(JSON.stringify(this.tokens.issue(force)));
  }

  private checkSession(query: URLSearchParams): Reply {
    this.signedUser(query);
    return success({});
  }

  private resetSession(query: URLSearchParams): Reply {
    const user = this.signedUser(query);
    return success({ openid: user.openid, session_key: this.users.renewKey(user) });
  }

  private checkContent(request: Received, query: URLSearchParams): Reply {
    this.tokens.check(query.get('access_token'));
    const { version = 1, scene, openid, ...texts } = bodyOf(request);
    const { content, title = '', nickname = '', signature = '' } = texts;
    const all = [content, title, nickname, signature];
    if (!all.every((text) => typeof text === 'string') || content === '') {
      throw new WeChatRefusal(47001, 'data format error');
    }
    if (version === 1) {
      this.content.checkV1(all[0]!);
      return success({});
    }
    if (version !== 2) throw new WeChatRefusal(47001, 'data format error');
    if (![1, 2, 3, 4].includes(scene as number)) throw new WeChatRefusal(40129, 'invalid scene');
    this.users.requireRecentVisit(this.users.get(openid));
    return success(this.content.check(all[0]!, ...all.slice(1)));
  }

  private listTemplates(query: URLSearchParams): Reply {
    this.tokens.check(query.get('access_token'));
    return success({ data: templates });
  }

  private async send(request: Received, query: URLSearchParams): Promise<Reply> {
    this.tokens.check(query.get('access_token'));
    const msgId = await this.messages.send(bodyOf(request), request);
    // Written by hand: JSON.stringify would round the number.
    return platformReply(`{"errcode":0,"errmsg":"ok","msgid":${msgId}}`);
  }

  private authenticate(appId: unknown, secret: unknown): void {
    if (!appId) throw new WeChatRefusal(41002, 'appid missing,');
    if (!secret) throw new WeChatRefusal(41004, 'appsecret missing,');
    if (appId !== this.program.appId) throw new WeChatRefusal(40013, 'invalid appid,');
    if (secret !== this.program.appSecret) throw new WeChatRefusal(40125, 'invalid appsecret,');
  }

  private signedUser(query: URLSearchParams) {
    this.tokens.check(query.get('access_token'));
    if (query.get('sig_method') !== 'hmac_sha256') throw new WeChatRefusal(87008, 'invalid sig_method');
    const user = this.users.find(query.get('openid') ?? '');
    if (!user) throw new WeChatRefusal(87009, 'invalid signature');
    this.users.requireSignature(user, query.get('signature'));
    return user;
  }
}

function bodyOf(request: Received): Record<string, unknown> {
  if (request.body.length === 0) throw new WeChatRefusal(44002, 'empty post data');
  const body = parseJson(request.text);
  if (!isObject(body)) throw new WeChatRefusal(47001, 'data format error');
  return body;
}
