import { Injectable } from '@nestjs/common';
import { Config, setting } from '@hark/service';
import { z } from 'zod';

const adminPattern = /^(wechat|email):\S+$/;

const shape = {
  WECHAT_APP_ID: z.string().min(1),
  WECHAT_APP_SECRET: z.string().min(1),
  WECHAT_BASE_URL: setting.url('http', 'https').default('https://api.weixin.qq.com'),
  HARK_ADMINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((admin) => admin.trim() || []))
    .refine((admins) => admins.every((admin) => adminPattern.test(admin)), {
      error: 'must be a comma-separated list of wechat:<openid> or email:<address>',
    }),
};

/** The settings of this service's own beside those of the channels, read once at start; a wrong one stops the start with its name and reason. */
@Injectable()
export class AuthConfig {
  /** The hub's own mini program. */
  readonly wechat: { readonly appId: string; readonly appSecret: string; readonly baseUrl: string };
  private readonly admins: ReadonlySet<string>;

  constructor(config: Config) {
    const values = config.read(shape);
    this.wechat = {
      appId: values.WECHAT_APP_ID,
      appSecret: values.WECHAT_APP_SECRET,
      baseUrl: values.WECHAT_BASE_URL,
    };
    this.admins = new Set(values.HARK_ADMINS);
  }

  /** Whether HARK_ADMINS names this login, e.g. `wechat` and an openid. */
  isAdmin(provider: 'wechat' | 'email', subject: string): boolean {
    return this.admins.has(`${provider}:${subject}`);
  }
}
