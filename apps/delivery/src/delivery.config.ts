import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config, setting } from '@hark/service';
import { EventReceiver } from '@hark/wechat';

// WeChat takes tokens of three letters. Nobody may guess this one, so it is longer here.
const shape = {
  HARK_PUBLIC_URL: setting.url('http', 'https').optional(),
  WECHAT_APP_ID: z.string().min(1).optional(),
  WECHAT_EVENT_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9]{16,32}$/, 'must be 16 to 32 letters and digits')
    .optional(),
  WECHAT_EVENT_AES_KEY: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'must be 43 letters and digits')
    .optional(),
};

/** This service's own settings beside those of the channels, read once at start. */
@Injectable()
export class DeliveryConfig {
  /** As what the hub receives WeChat's events; null without a token: then it receives none. */
  readonly wechatEvents: EventReceiver | null;

  /** Where people reach the hub, without a slash at the end; absent: mails carry no links of the hub's own. */
  readonly publicUrl: string | undefined;

  constructor(config: Config) {
    const {
      WECHAT_APP_ID: appId,
      WECHAT_EVENT_TOKEN: token,
      WECHAT_EVENT_AES_KEY: aesKey,
      HARK_PUBLIC_URL: publicUrl,
    } = config.read(shape);
    this.publicUrl = publicUrl?.replace(/\/+$/, '');
    this.wechatEvents = appId === undefined || token === undefined ? null : { appId, token, aesKey };
  }
}
