import type { Locale } from '@hark/contracts';
import type { MailLinkPurpose } from '@hark/credentials';

type By<Key extends string> = Readonly<Record<Key, string>>;

/** What the pages behind a mail's links say. */
export interface MailLinkWords {
  readonly title: By<MailLinkPurpose>;
  readonly button: By<MailLinkPurpose>;
  readonly asks: By<MailLinkPurpose>;
  readonly done: By<MailLinkPurpose>;
  readonly gone: By<MailLinkPurpose>;
  readonly forged: string;
  readonly expired: string;
  /** There is a complaint about the message already. */
  readonly made: string;
  /** The time to complain is over. */
  readonly late: string;
  /** No reason was chosen, or the note is too long. */
  readonly incomplete: string;
  readonly reason: string;
  readonly reasons: By<'spam' | 'fraud' | 'abuse' | 'illegal' | 'other'>;
  readonly note: string;
}

const goneZh = '这封邮件所依据的授权早已终止，无需再做什么。如果你后来又授权了这个应用，请用更新的邮件里的链接。';
const goneEn =
  'The consent that this mail came under has ended. There is nothing left to do. If you have allowed the app again since, take the link of a newer mail.';

/** Both languages; the type makes each complete. */
export const mailLinkWords: Readonly<Record<Locale, MailLinkWords>> = {
  'zh-CN': {
    title: { mute: '免打扰', unbind: '解绑', complain: '投诉' },
    button: { mute: '设为免打扰', unbind: '确认解绑', complain: '提交投诉' },
    asks: {
      mute: '发来这封邮件的应用仍可给你发消息，但只会安静地放进收件箱。随时可以在 Hark 里改回来。',
      unbind: '发来这封邮件的应用将不能再给你发任何消息。以后想再收到，需要重新授权。',
      complain: '你要投诉的是下面这条消息。运营人员会查看它并作出处理，应用不会知道是谁投诉的。每条消息只能投诉一次。',
    },
    done: {
      mute: '已设为免打扰。它的消息今后只会安静地放进收件箱。',
      unbind: '已解绑。这个应用不能再给你发消息。',
      complain: '已收到你的投诉。处理结果可登录 Hark，在“我的投诉”里查看。',
    },
    gone: { mute: goneZh, unbind: goneZh, complain: '这条消息已不存在，不能再投诉。' },
    forged: '链接不完整或不正确。请从邮件里完整地复制它，或登录 Hark 操作。',
    expired: '链接已过期。请用更新的邮件里的链接，或登录 Hark 操作。',
    made: '你已投诉过这条消息。处理结果可登录 Hark，在“我的投诉”里查看。',
    late: '收到消息 30 天后不能再投诉它。不想再收到这个应用的消息，可以解绑。',
    incomplete: '请选择一个原因；补充说明最多 1000 字。',
    reason: '哪里有问题？',
    reasons: { spam: '垃圾广告', fraud: '欺诈', abuse: '骚扰', illegal: '违法内容', other: '其他' },
    note: '补充说明（选填）',
  },
  en: {
    title: { mute: 'Mute', unbind: 'Unbind', complain: 'Complain' },
    button: { mute: 'Mute it', unbind: 'Unbind it', complain: 'Send complaint' },
    asks: {
      mute: 'The app that sent you this mail may go on sending, but its messages only wait in your inbox, silently. You can undo this in Hark at any time.',
      unbind:
        'The app that sent you this mail can send you nothing more. To hear from it again, you would have to allow it anew.',
      complain:
        'This is the message that you complain about. An operator reads it and decides. The app never learns who complained. You can complain once about each message.',
    },
    done: {
      mute: 'It is muted. Its messages wait in your inbox, silently.',
      unbind: 'It is unbound. This app can send you nothing more.',
      complain: 'Your complaint was received. To see what comes of it, log in to Hark and open “Complaints”.',
    },
    gone: { mute: goneEn, unbind: goneEn, complain: 'This message is no more. It cannot be complained about.' },
    forged: 'This link is incomplete or wrong. Copy all of it from the mail, or log in to Hark.',
    expired: 'This link is too old. Take one from a newer mail, or log in to Hark.',
    made: 'You have complained about this message. To see what comes of it, log in to Hark and open “Complaints”.',
    late: 'A message can be complained about for 30 days. To hear nothing more from this app, unbind it.',
    incomplete: 'Please choose a reason. What you add may have 1000 characters at most.',
    reason: 'What is wrong with it?',
    reasons: {
      spam: 'Unwanted advertising',
      fraud: 'Fraud',
      abuse: 'Harassment',
      illegal: 'Illegal content',
      other: 'Something else',
    },
    note: 'Anything to add (optional)',
  },
};
