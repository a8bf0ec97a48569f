import { Locale } from '@hark/contracts';
import { Notification } from './channel';

/** Hark's own texts on channels, in the person's language. */
export interface Words {
  readonly challengeTitle: (code: string) => string;
  readonly challengeBody: (code: string) => string;
  /** The mail with the code to log in by. It must not be taken for the one that proves an endpoint. */
  readonly logInTitle: (code: string) => string;
  readonly logInBody: (code: string, minutes: number) => string;
  /** The last mail of all. */
  readonly erasedTitle: string;
  readonly erasedBody: string;
  /** Below a mail of the hub's own, which no app sent. */
  readonly ownFooter: string;
  readonly encrypted: string;
  /** Names the host that a link leads to, because the link's text may show another one. */
  readonly open: (host: string) => string;
  readonly via: (appName: string) => string;
  /** The name of an app whose identity nobody has proved. */
  readonly unverified: (appName: string) => string;
  /** Why this mail came and how to stop it. */
  readonly footer: (appName: string) => string;
  /** The same of a digest. */
  readonly digestFooter: string;
  /** Links that work without logging in. */
  readonly mute: string;
  readonly unbind: string;
  readonly complain: string;
  /** Where a ticket stands. */
  readonly step: (index: number, of: number) => string;
  /** An action, and where it leads. */
  readonly leadsTo: (target: string) => string;
  /** Where an action leads that is taken in the inbox. */
  readonly inHark: string;
  readonly openInHark: string;
}

/** Both languages; the type makes each complete. */
export const words: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    challengeTitle: (code) => `Hark 验证码 ${code}`,
    challengeBody: (code) => `验证码 ${code}，用于确认这里归你接收消息。请勿告诉他人；如果不是你本人操作，忽略即可。`,
    logInTitle: (code) => `Hark 登录验证码 ${code}`,
    logInBody: (code, minutes) =>
      `登录验证码 ${code}，${minutes} 分钟内有效，只能使用一次。谁拿到它，谁就能登录你的账号：请勿告诉任何人，Hark 也不会向你索取。如果不是你本人操作，忽略即可。`,
    erasedTitle: '你的 Hark 账号已删除',
    erasedBody:
      '应你的要求，你的 Hark 账号及其数据正在删除，一分钟内完成，无法恢复：登录、授权、通道和收件箱都已终止，应用不能再向你推送。本邮件之后，Hark 不再保存此地址。如果不是你本人操作，有人登录过你的账号：请检查你的微信或邮箱是否安全；重新登录会得到一个新的账号。',
    ownFooter: '本邮件由 Hark 自动发送，请勿直接回复。',
    encrypted: '收到一条加密消息',
    open: (host) => `查看详情（${host}）`,
    via: (appName) => `${appName} · 经由 Hark`,
    unverified: (appName) => `${appName} · 未认证`,
    footer: (appName) =>
      `你收到这封邮件，是因为你在 Hark 授权了“${appName}”给你发消息。不想再收到：在 Hark 里把它设为免打扰，或解绑、投诉。`,
    digestFooter: '你在 Hark 里设置了把消息汇总提醒，所以收到这封邮件。消息都在收件箱里；汇总方式可在设置中更改。',
    mute: '设为免打扰',
    unbind: '解绑',
    complain: '投诉',
    step: (index, of) => `第 ${index} 步，共 ${of} 步`,
    leadsTo: (target) => `（${target}）`,
    inHark: '在 Hark 里操作',
    openInHark: '在 Hark 里查看',
  },
  en: {
    challengeTitle: (code) => `Hark code ${code}`,
    challengeBody: (code) =>
      `Your code is ${code}. It confirms that messages may reach you here. Tell it to nobody; if you did not ask for it, ignore this.`,
    logInTitle: (code) => `Hark log-in code ${code}`,
    logInBody: (code, minutes) =>
      `Your log-in code is ${code}. It works once, within ${minutes} minutes. Whoever has it can log in as you: tell it to nobody, Hark never asks for it. If you did not ask for it, ignore this.`,
    erasedTitle: 'Your Hark account is erased',
    erasedBody:
      'As you asked, your Hark account is being erased with all that belongs to it. That takes a minute at most and cannot be taken back: your log-ins, consents, endpoints and inbox are gone, and no app reaches you any more. After this mail, Hark does not keep your address. If it was not you, somebody was logged in as you: see that your WeChat account and your mailbox are safe. Logging in again begins a new account.',
    ownFooter: 'Hark sent this mail by itself. Nobody reads answers to it.',
    encrypted: 'An encrypted message has arrived',
    open: (host) => `Open (${host})`,
    via: (appName) => `${appName} via Hark`,
    unverified: (appName) => `${appName} · unverified`,
    footer: (appName) =>
      `You receive this mail because you allowed “${appName}” to send you messages through Hark. To stop: mute it, unbind it or complain about it in Hark.`,
    digestFooter:
      'You receive this mail because you asked Hark to tell you of messages together. They are all in your inbox; how often you hear of them is in your settings.',
    mute: 'Mute',
    unbind: 'Unbind',
    complain: 'Complain',
    step: (index, of) => `Step ${index} of ${of}`,
    leadsTo: (target) => ` (${target})`,
    inHark: 'in Hark',
    openInHark: 'Read it in Hark',
  },
};

/** The app's name as a channel shows it: cut, and marked when nobody has proved its identity. */
export const shownName = ({ appName, appVerified, locale }: Notification, cut: (name: string) => string): string =>
  appVerified ? cut(appName) : words[locale].unverified(cut(appName));
