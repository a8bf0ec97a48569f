/** The languages that screens are written in. */
export type Language = 'zh-CN' | 'en';

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

export function chooseLanguage(language: Language): void {
  known = language;
  localStorage.setItem(stored, language);
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
