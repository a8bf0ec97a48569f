import { z } from 'zod';
import { Mailer, Outbound, outboundSettings, parseSmtpUrl } from '@hark/outbound';
import { setting } from '@hark/service';
import { WechatClient } from '@hark/wechat';
import { BarkChannel } from './bark.channel';
import { ChannelRegistry } from './channel-registry';
import { EmailChannel } from './email.channel';
import { ErasureMail } from './erasure-mail';
import { BudgetDatabase, ErrorBudget } from './error-budget';
import { LogInMail } from './log-in-mail';
import { NtfyChannel } from './ntfy.channel';
import { Vapid } from './vapid';
import { WebPushChannel } from './web-push.channel';
import { WebhookChannel } from './webhook.channel';
import { WechatChannel } from './wechat.channel';

/** The settings of the channels, beside those of the outbound, for every service that sends. */
export const channelSettings = {
  BARK_BASE_URL: setting.url('http', 'https').default('https://api.day.app'),
  WEBPUSH_BASE_URL: setting.url('http', 'https').optional(),
  SMTP_URL: setting.readBy(parseSmtpUrl),
  WECHAT_APP_ID: z.string().min(1).optional(),
  WECHAT_APP_SECRET: z.string().min(1).optional(),
  WECHAT_BASE_URL: setting.url('http', 'https').default('https://api.weixin.qq.com'),
  /** The hub's own name, which people's webhooks must not call; without it nobody may have one. */
  HARK_PUBLIC_URL: setting.url('http', 'https').optional(),
  HARK_MAIL_FROM: z.email().default('hark@localhost.localdomain'),
};

/** The sender stops waiting for a mail after this time, so its bytes must not leave later. */
const mailMs = 10_000;

/** Whom a push service may turn to about the hub (RFC 8292 section 2.1). */
const contactOf = ({
  HARK_PUBLIC_URL: url,
  HARK_MAIL_FROM: address,
}: {
  HARK_PUBLIC_URL?: string;
  HARK_MAIL_FROM: string;
}) => (url?.startsWith('https:') === true ? url : `mailto:${address}`);

/** Every channel of this hub, sharing one outbound. */
export interface OpenChannels {
  readonly registry: ChannelRegistry;
  readonly logInMail: LogInMail;
  readonly erasureMail: ErasureMail;
  readonly outbound: Outbound;
  /** Closes idle connections; sends under way finish as they can. */
  close(): Promise<void>;
}

/**
 * Opens no connection: the first send does. `webPushSecret`: what the key of the hub for browsers' push services is derived
 * from. `database`: where all processes count together.
 */
export function openChannels(
  settings: z.output<z.ZodObject<typeof channelSettings & typeof outboundSettings>>,
  webPushSecret: Uint8Array,
  database: BudgetDatabase,
): OpenChannels {
  const proxyUrl = settings.HARK_OUTBOUND_PROXY;
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: appSecret, WECHAT_BASE_URL: wechatUrl } = settings;
  const ownHosts = settings.HARK_PUBLIC_URL === undefined ? [] : [new URL(settings.HARK_PUBLIC_URL).hostname];
  const webPushUrl = settings.WEBPUSH_BASE_URL;
  const allowOrigins = [settings.BARK_BASE_URL, wechatUrl, ...(webPushUrl === undefined ? [] : [webPushUrl])];
  const outbound = new Outbound({ allowOrigins, proxyUrl, ownHosts });
  const isWechat = appId !== undefined && appSecret !== undefined;
  const wechat = isWechat ? [new WechatClient({ appId, appSecret, baseUrl: wechatUrl, outbound })] : [];
  const mailer = new Mailer({ smtpUrl: settings.SMTP_URL, sendMs: mailMs, proxyUrl });
  const mail = { mailer, fromAddress: settings.HARK_MAIL_FROM };
  const registry = new ChannelRegistry([
    new BarkChannel({ outbound, baseUrl: settings.BARK_BASE_URL, errors: new ErrorBudget(database) }),
    new EmailChannel(mail),
    new NtfyChannel(outbound),
    ...ownHosts.map(() => new WebhookChannel({ outbound })),
    new WebPushChannel({ outbound, vapid: new Vapid(webPushSecret, contactOf(settings)), ownUrl: webPushUrl }),
    ...wechat.map((client) => new WechatChannel({ client })),
  ]);
  const close = async (): Promise<void> => {
    mailer.close();
    await outbound.close();
  };
  return { registry, logInMail: new LogInMail(mail), erasureMail: new ErasureMail(mail), outbound, close };
}
