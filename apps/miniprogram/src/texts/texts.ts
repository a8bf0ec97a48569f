import { en } from './en';
import { chosenLanguage } from './language';
import { zh } from './zh';

import { en as consoleEn } from '#console-texts/en';
import { zh as consoleZh } from '#console-texts/zh';

/** Every text in the chosen language: the console's words (`t`), and those of the mini program alone (`m`). */
export function texts(): { readonly t: typeof consoleEn; readonly m: typeof en } {
  return chosenLanguage() === 'en' ? { t: consoleEn, m: en } : { t: consoleZh, m: zh };
}
