import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { outboundSettings, parseMailAddress } from '@hark/outbound';
import { Config, setting } from '@hark/service';

/** One entry of HARK_ADMINS: an openid of the hub's own mini program, or a mail address in canonical form. */
export interface ConfiguredAdmin {
  readonly provider: 'wechat' | 'email';
  readonly subject: string;
}

const shape = {
  ...outboundSettings,
  WECHAT_APP_ID: z.string().min(1),
  WECHAT_APP_SECRET: z.string().min(1),
  WECHAT_BASE_URL: setting.url('http', 'https').default('https://api.weixin.qq.com'),
  HARK_SECOND_FACTOR: z.enum(['required', 'off'], { error: 'must be required or off' }).default('required'),
  HARK_ADMINS: z
    .string()
    .default('')
    .transform((text, context): ConfiguredAdmin[] => {
      const entries = text.split(',').flatMap((entry) => entry.trim() || []);
      return entries.flatMap((entry, index) => {
        const admin = adminIn(entry);
        if (admin) return [admin];
        const message = `must be a comma-separated list of wechat:<openid> or email:<address>; entry ${index + 1} is neither`;
        context.addIssue({ code: 'custom', message });
        return [];
      });
    }),
};

/**
 * This service's own settings beside those of the channels, read once at start. A wrong one stops the start with its
 * name and reason.
 */
@Injectable()
export class AuthConfig {
  /** The hub's own mini program. */
  readonly wechat: { readonly appId: string; readonly appSecret: string; readonly baseUrl: string };
  readonly proxyUrl: string | undefined;
  /** Whether a session must show a second factor before it may act as operator or admin. */
  readonly secondFactorRequired: boolean;
  /** The people that HARK_ADMINS names. */
  readonly admins: readonly ConfiguredAdmin[];

  constructor(config: Config) {
    const values = config.read(shape);
    this.wechat = {
      appId: values.WECHAT_APP_ID,
      appSecret: values.WECHAT_APP_SECRET,
      baseUrl: values.WECHAT_BASE_URL,
    };
    this.proxyUrl = values.HARK_OUTBOUND_PROXY;
    this.secondFactorRequired = values.HARK_SECOND_FACTOR === 'required';
    this.admins = values.HARK_ADMINS;
  }
}

function adminIn(entry: string): ConfiguredAdmin | undefined {
  const [, provider, subject = ''] = /^(wechat|email):(.*)$/.exec(entry) ?? [];
  if (provider === 'wechat') return /^[\w-]{1,128}$/.test(subject) ? { provider, subject } : undefined;
  const address = provider === 'email' ? parseMailAddress(subject) : null;
  return address === null ? undefined : { provider: 'email', subject: address };
}
