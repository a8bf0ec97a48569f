import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { outboundSettings } from '@hark/outbound';
import { Config, setting } from '@hark/service';

const shape = {
  WECHAT_APP_ID: z.string().min(1).optional(),
  WECHAT_BASE_URL: setting.url('http', 'https').default('https://api.weixin.qq.com'),
};
const withWechat = { WECHAT_APP_SECRET: z.string().min(1) };

/** The hub's own mini program, in whose name WeChat is asked about texts. */
export interface WechatSettings {
  readonly appId: string;
  readonly appSecret: string;
  readonly baseUrl: string;
  readonly proxyUrl?: string | undefined;
}

/** This service's own settings, read once at start. A wrong one stops the start with its name and reason. */
@Injectable()
export class ModerationConfig {
  /** Null without WECHAT_APP_ID: then only the local rules judge. */
  readonly wechat: WechatSettings | null;

  constructor(config: Config) {
    const { WECHAT_APP_ID: appId, WECHAT_BASE_URL: baseUrl } = config.read(shape);
    const { HARK_OUTBOUND_PROXY: proxyUrl } = config.read(outboundSettings);
    this.wechat =
      appId === undefined ? null : { appId, appSecret: config.read(withWechat).WECHAT_APP_SECRET, baseUrl, proxyUrl };
  }
}
