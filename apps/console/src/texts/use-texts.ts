import { useSyncExternalStore } from 'react';
import { chosenLanguage, type Language, onLanguage, type Texts, textsIn } from './language';

/** Every text of the console in the language that was chosen, and which that is. */
export function useTexts(): { readonly t: Texts; readonly language: Language } {
  const language = useSyncExternalStore(onLanguage, chosenLanguage);
  return { t: textsIn(language), language };
}
