import { KeyedQueue } from '@hark/resilience';
import { AccessTokens } from './access-tokens';
import { fitKeyword } from './keywords';
import { WechatError } from './wechat-error';
import { WechatHttp } from './wechat-http';

/**
 * One subscribe message. Each needs a subscription that the person granted in the mini program
 * (`wx.requestSubscribeMessage`).
 */
export interface SubscribeMessage {
  readonly openid: string;
  readonly templateId: string;
  /** Keyword to value, e.g. `{ thing1: '备份完成' }`. Every keyword of the template must be there. */
  readonly data: Readonly<Record<string, string>>;
  /** The page that a tap opens, with query. Without it a tap does nothing. */
  readonly page?: string;
  readonly state?: 'developer' | 'trial' | 'formal';
  readonly lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW';
}

const waitingPerUserMax = 7;

/**
 * Sends subscribe messages (WeChat docs: subscribeMessage.send), one at a time per person: WeChat refuses two at once
 * (43108).
 */
export class SubscribeMessages {
  private readonly people = new KeyedQueue({
    waitingMax: waitingPerUserMax,
    refusal: () => new WechatError('THROTTLED', 'queue-full'),
  });

  constructor(
    private readonly http: WechatHttp,
    private readonly tokens: AccessTokens,
  ) {}

  /** WeChat's message id as text (it exceeds 2^53); undefined where WeChat gives none. Throws `WechatError`. */
  send(message: SubscribeMessage): Promise<{ msgId?: string }> {
    return this.people.run(message.openid, () => this.sendOne(message));
  }

  private async sendOne({
    openid,
    templateId,
    data,
    page,
    state,
    lang,
  }: SubscribeMessage): Promise<{ msgId?: string }> {
    const body = {
      touser: openid,
      template_id: templateId,
      ...(page === undefined ? {} : { page }),
      miniprogram_state: state ?? 'formal',
      lang: lang ?? 'zh_CN',
      data: Object.fromEntries(
        Object.entries(data).map(([keyword, value]) => [keyword, { value: fitted(keyword, value) }]),
      ),
    };
    const { raw } = await this.tokens.with((token) =>
      this.http.call({ method: 'POST', path: '/cgi-bin/message/subscribe/send', query: { access_token: token }, body }),
    );
    const msgId = /"msgid"\s*:\s*"?(\d{1,20})/.exec(raw)?.[1];
    return msgId === undefined ? {} : { msgId };
  }
}

function fitted(keyword: string, value: string): string {
  const text = fitKeyword(keyword, value);
  if (text === null) throw new WechatError('BAD_REQUEST', 'keyword');
  return text;
}
