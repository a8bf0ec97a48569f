import type { Locale } from '@hark/contracts';

/** `asks`: before the button · `done`: after it · `gone`: the binding had ended already. */
export type MailLinkState = 'asks' | 'done' | 'gone' | 'forged' | 'expired';

type Purpose = 'mute' | 'unbind';
interface Words {
  readonly title: Readonly<Record<Purpose, string>>;
  readonly button: Readonly<Record<Purpose, string>>;
  readonly asks: Readonly<Record<Purpose, string>>;
  readonly done: Readonly<Record<Purpose, string>>;
  readonly gone: string;
  readonly forged: string;
  readonly expired: string;
}

const words: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    title: { mute: '免打扰', unbind: '解绑' },
    button: { mute: '设为免打扰', unbind: '确认解绑' },
    asks: {
      mute: '发来这封邮件的应用仍可给你发消息，但只会安静地放进收件箱。随时可以在 Hark 里改回来。',
      unbind: '发来这封邮件的应用将不能再给你发任何消息。以后想再收到，需要重新授权。',
    },
    done: { mute: '已设为免打扰。它的消息今后只会安静地放进收件箱。', unbind: '已解绑。这个应用不能再给你发消息。' },
    gone: '这个应用早已不能给你发消息，无需再做什么。',
    forged: '链接不完整或不正确。请从邮件里完整地复制它，或登录 Hark 操作。',
    expired: '链接已过期。请用更新的邮件里的链接，或登录 Hark 操作。',
  },
  en: {
    title: { mute: 'Mute', unbind: 'Unbind' },
    button: { mute: 'Mute it', unbind: 'Unbind it' },
    asks: {
      mute: 'The app that sent you this mail may go on sending, but its messages only wait in your inbox, silently. You can undo this in Hark at any time.',
      unbind:
        'The app that sent you this mail can send you nothing more. To hear from it again, you would have to allow it anew.',
    },
    done: {
      mute: 'It is muted. Its messages wait in your inbox, silently.',
      unbind: 'It is unbound. This app can send you nothing more.',
    },
    gone: 'This app could not send you anything any more. There is nothing left to do.',
    forged: 'This link is incomplete or wrong. Copy all of it from the mail, or log in to Hark.',
    expired: 'This link is too old. Take one from a newer mail, or log in to Hark.',
  },
};

const style =
  ':root{color-scheme:light dark}body{max-width:36rem;margin:3rem auto;padding:0 1rem;font:1rem/1.7 system-ui,sans-serif}button{font:inherit;padding:.6rem 1.2rem}';

/** The page as HTML: a heading, a sentence, before the act a button. Nothing of the request stands in it. */
export function mailLinkPage(locale: Locale, purpose: Purpose, state: MailLinkState): string {
  const text = words[locale];
  const sentence = state === 'asks' || state === 'done' ? text[state][purpose] : text[state];
  const form = state === 'asks' ? `<form method="post"><button>${text.button[purpose]}</button></form>` : '';
  return (
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${text.title[purpose]} · Hark</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>` +
    `<body><main><h1>${text.title[purpose]}</h1><p>${sentence}</p>${form}</main></body></html>\n`
  );
}
