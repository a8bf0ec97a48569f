export { BarkChannel, type BarkOptions } from './bark.channel';
export type { BarkEndpoint } from './bark-endpoint';
export type { Channel, EndpointFields, FailureReason, Locale, Note, SendResult } from './channel';
export { ChannelRegistry } from './channel-registry';
export { bounceAddress, EmailChannel, type EmailEndpoint, type EmailOptions } from './email.channel';
export { retryTime } from './retry-schedule';
export { ErrorBudget, type BudgetDatabase } from './error-budget';
export { signWebhook, WebhookChannel, type WebhookEndpoint, type WebhookOptions } from './webhook.channel';
export { channelSettings, openChannels, type OpenChannels } from './open-channels';
