import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '@hark/service';
import { EventReceiver } from '@hark/wechat';

// WeChat takes tokens of three letters. Nobody may guess this one, so it is longer here.
const shape = {
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

  constructor(config: Config) {
    const { WECHAT_APP_ID: appId, WECHAT_EVENT_TOKEN: token, WECHAT_EVENT_AES_KEY: aesKey } = config.read(shape);
    this.wechatEvents = appId === undefined || token === undefined ? null : { appId, token, aesKey };
  }
}
