export type { FailureClass, ProviderClass } from '@hark/outbound';
export { fitKeyword } from './keywords';
export type { SubscribeMessage } from './subscribe-message';
export type { NoVerdict, TextToCheck, TextVerdict } from './text-check';
export {
  decryptUserData,
  isRawDataGenuine,
  sessionSignature,
  type EncryptedUserData,
  type UserDataChecks,
} from './user-data';
export { WechatClient, type WechatOptions, type WechatSession } from './wechat-client';
export { WechatError } from './wechat-error';
