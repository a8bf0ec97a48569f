import type { en } from './en';

/** The languages that screens are written in. */
export type Language = 'zh-CN' | 'en';

/** Every text of the console, in one language. */
export type Texts = typeof en;

const texts = new Map<Language, Texts>();

/** Loads a language's texts, of which nobody needs more than one at a time. */
export async function loadTexts(language: Language): Promise<void> {
  if (!texts.has(language))
    texts.set(language, language === 'en' ? (await import('./en')).en : (await import('./zh')).zh);
}

/** The texts in a language that was loaded. */
export const textsIn = (language: Language): Texts => texts.get(language)!;

const stored = 'hark.language';
const listeners = new Set<() => void>();
/** As in the storage, which every text of the page would ask otherwise. */
let known: Language | undefined;

/** What was chosen on this browser, else what the browser prefers among ours, else English. */
export const chosenLanguage = (): Language => (known ??= storedLanguage());

function storedLanguage(): Language {
  const chosen = localStorage.getItem(stored);
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  const first = navigator.languages.find((one) => /^(zh|en)\b/i.test(one));
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

/** From now on, and on this browser. Its texts are loaded first. */
export async function chooseLanguage(language: Language): Promise<void> {
  await loadTexts(language);
  known = language;
  localStorage.setItem(stored, language);
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
