export { fitKeyword } from './keywords';
export { type EventReceiver, type EventSignature, isEventSigned, openEvent } from './pushed-event';
export type { SubscribeMessage } from './subscribe-messages';
export type { NoVerdict, TextToCheck, TextVerdict } from './text-check';
export {
  decryptUserData,
  type EncryptedUserData,
  isRawDataGenuine,
  sessionSignature,
  type UserDataChecks,
} from './user-data';
export { WechatClient, type WechatOptions, type WechatSession } from './wechat-client';
export { WechatError } from './wechat-error';
export type { FailureClass, ProviderClass } from '@hark/outbound';
