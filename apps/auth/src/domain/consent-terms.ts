import { createHash } from 'node:crypto';
import { Locale } from '@hark/contracts';

/**
 * The version of the words below. Receipts name it: change a word and count it up.
 */
export const termsVersion = 1;

/** What the terms of one consent say, besides what they always say. All of it is cleaned of what cannot be seen. */
export interface TermsFacts {
  readonly appName: string;
  readonly verified: boolean;
  /** Why the app asks, in its own words. */
  readonly purpose?: string;
  /** The host that the person is sent back to. */
  readonly domain?: string;
}

/** What the person agrees to, as it is shown in their language, and its SHA-256. */
export interface Terms {
  readonly version: number;
  readonly language: Locale;
  readonly text: string;
  readonly hash: string;
}

const texts: Readonly<Record<Locale, (facts: TermsFacts) => readonly string[]>> = {
  'zh-CN': ({ appName, verified, purpose, domain }) => [
    `「${appName}」${verified ? '(已核实)' : '(身份未核实)'}请求向你推送消息。`,
    ...(purpose === undefined ? [] : [`它自述的用途:${purpose}`]),
    ...(domain === undefined ? [] : [`决定之后,你会回到 ${domain}。`]),
    '同意后,它可以把消息放进你的收件箱;只有在你选择“强提醒”时,才会通过你选定的通道提醒你。',
    '它看不到你的通道和地址,也看不到你授权过的其他应用。每条消息都先经过内容安全检查。',
    '你可以随时调低强度、免打扰、解绑、拉黑或投诉,立即生效。',
  ],
  en: ({ appName, verified, purpose, domain }) => [
    `“${appName}” (${verified ? 'verified' : 'not verified'}) asks to send you messages.`,
    ...(purpose === undefined ? [] : [`Why, in its own words: ${purpose}`]),
    ...(domain === undefined ? [] : [`Once you have decided you go back to ${domain}.`]),
    'If you agree, it may put messages into your inbox. Only at the level “strong” do they also come through the channels you choose.',
    'It sees neither your channels and addresses nor the other apps you agreed to. Every message is checked before you see it.',
    'You may make it quieter, mute it, unbind it, block it or complain at any time, with effect at once.',
  ],
};

/** The terms in a language: the same facts give the same text and hash, everywhere. */
export function termsIn(language: Locale, facts: TermsFacts): Terms {
  const text = texts[language](facts).join('\n');
  const hash = createHash('sha256').update(text, 'utf8').digest('hex');
  return { version: termsVersion, language, text, hash };
}
