import { Locale, troubleText } from '@hark/contracts';

/** What a notice says. */
export interface NoticeText {
  readonly title: string;
  readonly body: string;
}

const texts: Readonly<Record<Locale, (name: string, why: string) => NoticeText>> = {
  'zh-CN': (name, why) => ({
    title: `通道已停用：${name}`,
    body: `${why}\n\n在此之前，消息只会出现在收件箱里，不再发往该通道。重新添加并验证后即可恢复。`,
  }),
  en: (name, why) => ({
    title: `Switched off: ${name}`,
    body: `${why}\n\nUntil then messages come into the inbox only and are no longer sent there. Adding and verifying it again brings it back.`,
  }),
};

/** Tells that an endpoint was switched off and why; `shown` are its fields, secrets masked. */
export function endpointDisabledText(
  locale: Locale,
  { kind, shown, reason }: { kind: string; shown: Readonly<Record<string, string>>; reason: string },
): NoticeText {
  const name = [kind, Object.values(shown)[0]].filter((part) => part !== undefined).join(' ');
  return texts[locale](name, troubleText(reason, locale) ?? reason);
}
