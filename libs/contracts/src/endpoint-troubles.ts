import { Locale } from './fields';

/**
 * Why an endpoint did not get its code, or was switched off. Stable words, stored in events and shown by the API, each
 * with the sentence that its person reads.
 */
export const endpointTroubles = {
  'recipient-gone': {
    en: 'Its server says that there is no such device or mailbox. Check the key or address, then add it again.',
    'zh-CN': '对方服务器表示没有这个设备或邮箱。请检查密钥或地址后重新添加。',
  },
  'recipient-refused': {
    en: 'Its server refuses messages to this address. Check that it may receive them, then add it again for a new code.',
    'zh-CN': '对方服务器拒收发往该地址的消息。请确认它可以接收，然后重新添加以获取新的验证码。',
  },
  'address-unsupported': {
    en: 'The hub’s mail server takes no address with letters beyond A to Z before the @. Add another address.',
    'zh-CN': '本站的邮件服务器不支持 @ 之前含有英文以外字符的地址。请改用其他邮箱。',
  },
  'server-refused': {
    en: 'The server does not accept what the hub sends. Check the address, password or template that you gave, then add it again.',
    'zh-CN': '对方服务器不接受本站的请求。请检查所填的地址、密码或模板，然后重新添加。',
  },
  redirected: {
    en: 'The server answers with a redirect, and none is followed. Add it again with the address it redirects to.',
    'zh-CN': '该服务器返回重定向，而重定向不会被跟随。请改用重定向后的地址重新添加。',
  },
  'hub-refused': {
    en: 'The provider refuses this hub itself at present; its operator has been told. Ask for a new code later.',
    'zh-CN': '服务商目前拒绝本站，已通知管理员。请稍后重新获取验证码。',
  },
  'not-found': {
    en: 'Its server answers that there is nothing at this address (404). Check the address, then add it again.',
    'zh-CN': '对方服务器回答该地址不存在（404）。请检查地址后重新添加。',
  },
  'proof-due': {
    en: 'It was proven a year ago. A new code is on its way there; enter it to show that it is still yours.',
    'zh-CN': '距上次验证已满一年。新的验证码已发往该通道，请输入以确认它仍属于你。',
  },
  'owner-changed': {
    en: 'Its server or mailbox seems to belong to somebody else now. A new code is on its way there; if you do not receive it, remove the endpoint.',
    'zh-CN': '该服务器或邮箱似乎已易主。新的验证码已发往该通道；如果你收不到，请删除该通道。',
  },
  'not-reached': {
    en: 'Its server could not take the message in time. Check that it is up, then add it again for a new code.',
    'zh-CN': '对方服务器未能及时接收。请确认它运行正常，然后重新添加以获取新的验证码。',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Locale, string>>>>;

/** One of the words above. */
export type EndpointTrouble = keyof typeof endpointTroubles;

/** The word's sentence in that language; empty for a word that this build does not know. */
export const troubleText = (reason: string, locale: Locale): string | undefined =>
  Object.hasOwn(endpointTroubles, reason) ? endpointTroubles[reason as EndpointTrouble][locale] : undefined;
