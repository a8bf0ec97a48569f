import { z } from 'zod';
import { Locale } from '@hark/contracts';
import { WechatClient, WechatError } from '@hark/wechat';
import { EndpointFields, Notification, SendResult } from './channel';
import { resultOf, TypedChannel } from './typed-channel';
import { shownName, words } from './words';

/** What WeChat reminders need of the hub: its own mini program. */
export interface WechatChannelOptions {
  readonly client: Pick<WechatClient, 'sendSubscribe' | 'templateKeywords'>;
}

/** A person's reminders by one template of the hub's mini program. */
export interface WechatEndpoint {
  readonly templateId: string;
  /** The person's openid in the hub's own mini program. */
  readonly openid: string;
}

/** The texts that a template's keywords are filled with. */
interface Texts {
  readonly things: readonly string[];
  readonly name: string;
  readonly code: string;
  readonly phrase: string;
  readonly time: string;
}

/**
 * Subscribe messages of the hub's own mini program (WeChat docs: subscribeMessage.send). At most once: WeChat knows no
 * key by which it would drop a second copy. Which text goes into which keyword is decided by the keyword's kind.
 */
export class WechatChannel extends TypedChannel<WechatEndpoint> {
  readonly kind = 'wechat';
  readonly repeatable = false;
  readonly spendsCredits = true;
  readonly fields: EndpointFields<WechatEndpoint> = { schema: wechatSchema, secret: ['openid'], filledIn: 'openid' };

  constructor(private readonly options: WechatChannelOptions) {
    super();
  }

  protected identityOf({ openid, templateId }: WechatEndpoint): string {
    return `${openid} ${templateId}`;
  }

  protected ownServerOf(): undefined {
    return undefined;
  }

  protected shown({ templateId }: WechatEndpoint): Record<string, string> {
    return { templateId };
  }

  protected sendChallenge(endpoint: WechatEndpoint, code: string, locale: Locale): Promise<SendResult> {
    const title = words[locale].challengeTitle(code);
    const texts = { things: [title, words[locale].challengeBody(code)], name: 'Hark', code, phrase: '验证码' };
    return this.notify(endpoint, { ...texts, time: chinaTime(new Date().toISOString()) }, locale);
  }

  protected sendNote(endpoint: WechatEndpoint, note: Notification): Promise<SendResult> {
    const name = shownName(note, (text) => text);
    const { title = name, body, deliveryId, receivedAt, locale } = note;
    const texts = { things: [title, body, name], name, code: deliveryId, phrase: '新消息' };
    return this.notify(endpoint, { ...texts, time: chinaTime(receivedAt) }, locale);
  }

  private async notify({ openid, templateId }: WechatEndpoint, texts: Texts, locale: Locale): Promise<SendResult> {
    try {
      const keywords = await this.options.client.templateKeywords(templateId);
      if (keywords === undefined) return { is: 'failed', class: 'CONFIG', detail: 'template' };
      const lang = locale === 'en' ? 'en_US' : 'zh_CN';
      const { msgId } = await this.options.client.sendSubscribe({
        openid,
        templateId,
        data: filled(keywords, texts),
        lang,
      });
      return { is: 'sent', ...(msgId !== undefined && { providerRef: msgId }) };
    } catch (error) {
      return error instanceof WechatError ? wechatResult(error) : resultOf(error);
    }
  }
}

/** What an error of WeChat's means for one message. A wrong setting is the operator's to mend. */
function wechatResult({ providerClass, detail, retryAfterMs }: WechatError): SendResult {
  if (providerClass === 'UNKNOWN_OUTCOME') return { is: 'unknown', detail };
  return {
    is: 'failed',
    class: providerClass,
    detail,
    ...(providerClass === 'CONFIG' && { reason: 'hub-refused' as const }),
    ...(detail === 'queue-full' && { putOff: true as const }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** A value for each keyword, by its kind. What does not fit its limits is cut by `@hark/wechat`. */
function filled(keywords: readonly string[], { things, name, code, phrase, time }: Texts): Record<string, string> {
  let next = 0;
  const valueOf = (keyword: string): string => {
    const kind = keyword.replace(/_?\d+$/, '');
    if (kind === 'thing') return things[next++] ?? '';
    if (kind === 'name') return name;
    if (kind === 'phrase') return phrase;
    if (kind === 'time' || kind === 'date') return time;
    return kind === 'character_string' || kind === 'number' ? code : '';
  };
  return Object.fromEntries(keywords.map((keyword) => [keyword, valueOf(keyword)]));
}

const chinaOffsetMs = 8 * 3_600_000;

/** As WeChat's `time` wants it: `2026年11月22日 17:00`, in China's time. */
function chinaTime(at: string): string {
  const [date = '', time = ''] = new Date(Date.parse(at) + chinaOffsetMs).toISOString().split('T');
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日 ${time.slice(0, 5)}`;
}

const wechatSchema: z.ZodType<WechatEndpoint> = z.strictObject({
  templateId: z
    .string()
    .trim()
    .regex(/^[\w-]{1,64}$/, 'must be the id of a template of the hub’s mini program'),
  openid: z.string().min(1).max(128),
});
