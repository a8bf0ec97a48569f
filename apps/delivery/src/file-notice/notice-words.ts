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

const doubted: typeof texts = {
  'zh-CN': (name, why) => ({
    title: `请重新验证通道：${name}`,
    body: `${why}\n\n验证之前，消息只会出现在收件箱里，不再发往该通道。`,
  }),
  en: (name, why) => ({
    title: `Prove it anew: ${name}`,
    body: `${why}\n\nUntil then messages come into the inbox only and are no longer sent there.`,
  }),
};

/** Whether an endpoint was switched off only because it may be somebody else's by now: a new code is on its way there. */
export const isDoubt = (reason: string): boolean => reason === 'proof-due' || reason === 'owner-changed';

/** Tells that an endpoint was switched off and why; `shown` are its fields, secrets masked. */
export function endpointDisabledText(
  locale: Locale,
  { kind, shown, reason }: { kind: string; shown: Readonly<Record<string, string>>; reason: string },
): NoticeText {
  const name = [kind, Object.values(shown)[0]].filter((part) => part !== undefined).join(' ');
  return (isDoubt(reason) ? doubted : texts)[locale](name, troubleText(reason, locale) ?? reason);
}

const replaced: Readonly<Record<Locale, Readonly<Record<'ended' | 'confirmed', (name: string) => NoticeText>>>> = {
  'zh-CN': {
    ended: (name) => ({
      title: `授权已结束：${name}`,
      body: `“${name}”确认，你授权时所用的账号在它那里属于另一位用户，因此这项授权已经结束，你不会再收到它的消息。如果那确实是你的账号，请在该应用中重新发起授权。`,
    }),
    confirmed: (name) => ({
      title: `授权已确认：${name}`,
      body: `“${name}”确认了你的授权。此前另有人以同一账号授权过它，那项授权已随之结束。如果你并未授权，请在“已授权的应用”里解绑。`,
    }),
  },
  en: {
    ended: (name) => ({
      title: `Consent ended: ${name}`,
      body: `“${name}” has said that the account under which you allowed it belongs to somebody else there, so this consent has ended and it reaches you no more. If it is your account, ask for the consent again in that app.`,
    }),
    confirmed: (name) => ({
      title: `Consent confirmed: ${name}`,
      body: `“${name}” has confirmed your consent. Somebody else had allowed it under the same account before; that consent has ended by it. If you allowed nothing, unbind it among your apps.`,
    }),
  },
};

/** Tells that an app means somebody by a name: to the other whose consent `hasEnded` by it, or to the one it means. */
export const bindingReplacedText = (
  locale: Locale,
  { name, hasEnded }: { readonly name: string; readonly hasEnded: boolean },
): NoticeText => replaced[locale][hasEnded ? 'ended' : 'confirmed'](name);

const deleted: Readonly<Record<Locale, (name: string) => NoticeText>> = {
  'zh-CN': (name) => ({
    title: `应用已删除：${name}`,
    body: `“${name}”已被其开发者删除，你对它的授权随之结束，它不会再给你发消息。已收到的消息仍在收件箱里。`,
  }),
  en: (name) => ({
    title: `App deleted: ${name}`,
    body: `The developer of “${name}” has deleted it. Your consent has ended by it, and it sends you nothing more. What it sent before stays in your inbox.`,
  }),
};

/** Tells a person that an app which they allowed was deleted by its developer. */
export const appDeletedText = (locale: Locale, name: string): NoticeText => deleted[locale](name);

const transferred: typeof deleted = {
  'zh-CN': (name) => ({
    title: `应用已转让：${name}`,
    body: `“${name}”现在归另一位开发者所有。你对它的授权仍然有效；原开发者的认证已失效，应用卡片会显示新开发者认证了什么。如果不想再收到它的消息，请在“已授权的应用”里解绑。`,
  }),
  en: (name) => ({
    title: `App handed on: ${name}`,
    body: `“${name}” belongs to another developer now. Your consent still stands; what its former developer had proven no longer counts, and the app's card shows what the new one proves. If you want nothing more of it, unbind it among your apps.`,
  }),
};

/** Tells a person that an app which they allowed was handed to another developer, who is not named. */
export const appTransferredText = (locale: Locale, name: string): NoticeText => transferred[locale](name);
