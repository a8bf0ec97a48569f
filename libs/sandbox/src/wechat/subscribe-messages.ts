import { type Arrival, Arrivals } from '../control/arrivals';
import { isObject } from '../http/exchange';
import { valueFault } from './template-values';
import { WeChatRefusal } from './wechat-reply';
import type { WeChatUsers } from './wechat-users';

/** Quotas remembered at most; the oldest are forgotten first. */
export const quotasMax = 100_000;
// Above 2^53, as the real ones: JSON.parse rounds it, so a client must read it from the text.
const firstMsgId = 2_097_683_633_284_153_344n;

/** A message that the platform accepted for one user. */
export interface SubscribeMessage extends Arrival {
  readonly openid: string;
  readonly templateId: string;
  readonly data: Readonly<Record<string, string>>;
  readonly page?: string | undefined;
  readonly lang?: string | undefined;
  readonly miniprogramState?: string | undefined;
  /** Exact, hence text. */
  readonly msgId: string;
}

/** What `subscribe/send` carries, JSON types not yet checked. */
export interface SendBody {
  readonly touser?: unknown;
  readonly template_id?: unknown;
  readonly data?: unknown;
  readonly page?: unknown;
  readonly lang?: unknown;
  readonly miniprogram_state?: unknown;
}

/** One-time subscriptions and the messages sent on them (WeChat docs: subscribeMessage.send). */
export class SubscribeMessages {
  readonly sent: Arrivals<SubscribeMessage>;
  private readonly quotas = new Map<string, number>();
  private readonly sending = new Set<string>();
  private count = 0n;

  constructor(
    private readonly users: WeChatUsers,
    arrivalsMax: number,
    /** How long one send occupies its openid. */
    private readonly occupy: () => Promise<void>,
  ) {
    this.sent = new Arrivals(arrivalsMax);
  }

  /** The user accepted `count` more times; they add up. Returns the new quota. */
  grant(openid: string, templateId: string, count: number): number {
    const key = `${openid} ${templateId}`;
    const quota = (this.quotas.get(key) ?? 0) + count;
    this.quotas.delete(key);
    this.quotas.set(key, quota);
    if (this.quotas.size > quotasMax) this.quotas.delete(this.quotas.keys().next().value!);
    return quota;
  }

  /**
   * Accepts a message and returns its id, or throws: 40003, 40037, 47001, 47003 naming the field, 43108 while another
   * send to the same openid is under way, 43101 without quota. Only an accepted message costs quota.
   */
  async send(body: SendBody, arrival: Arrival): Promise<string> {
    const { openid } = this.users.get(body.touser);
    if (this.sending.has(openid)) throw new WeChatRefusal(43108, 'concurrent sending to the same user is limited');
    this.sending.add(openid);
    try {
      await this.occupy();
      return this.accept(openid, body, arrival);
    } finally {
      this.sending.delete(openid);
    }
  }

  reset(): void {
    this.sent.reset();
    this.quotas.clear();
  }

  private accept(openid: string, body: SendBody, { seq, receivedAtMs }: Arrival): string {
    const templateId = body.template_id;
    if (typeof templateId !== 'string' || !/^[\w-]{1,64}$/.test(templateId)) {
      throw new WeChatRefusal(40037, 'invalid template_id');
    }
    const data = valuesOf(body.data);
    const [page, lang, miniprogramState] = [body.page, body.lang, body.miniprogram_state].map(textOrUndefined);
    const key = `${openid} ${templateId}`;
    const quota = this.quotas.get(key) ?? 0;
    if (quota <= 0) throw new WeChatRefusal(43101, 'user refuse to accept the msg');
    this.quotas.set(key, quota - 1);
    const msgId = String(firstMsgId + this.count++);
    this.sent.add({ seq, receivedAtMs, openid, templateId, data, page, lang, miniprogramState, msgId }, openid);
    return msgId;
  }
}

function valuesOf(data: unknown): Record<string, string> {
  if (!isObject(data)) throw new WeChatRefusal(47001, 'data format error');
  const values: Record<string, string> = {};
  for (const [name, keyword] of Object.entries(data)) {
    const value = isObject(keyword) ? keyword.value : undefined;
    const fault = valueFault(name, value);
    if (fault) throw new WeChatRefusal(47003, `argument invalid! ${fault}`);
    values[name] = value as string;
  }
  if (Object.keys(values).length === 0) throw new WeChatRefusal(47003, 'argument invalid! data is empty');
  return values;
}

function textOrUndefined(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new WeChatRefusal(47001, 'data format error');
  return value;
}
