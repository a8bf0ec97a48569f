import { useSyncExternalStore } from 'react';
import { en } from './en';
import { chosenLanguage, type Language, onLanguage } from './language';
import { zh } from './zh';

/** Every text of the console in the language that was chosen, and which that is. */
export function useTexts(): { readonly t: typeof en; readonly language: Language } {
  const language = useSyncExternalStore(onLanguage, chosenLanguage);
  return { t: language === 'en' ? en : zh, language };
}
