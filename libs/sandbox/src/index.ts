export type { BarkPush } from './bark/bark';
export type { DeviceState } from './bark/bark-devices';
export type { WebhookCall } from './hooks/webhooks';
export type { Mail } from './mail/mail-server';
export * from './sandbox';
export * from './sandbox-options';
export * from './start-sandbox';
