import { opsEn } from '../texts/ops.en';
import { opsZh } from '../texts/ops.zh';
import { useTexts } from '../texts/use-texts';

/** The texts of the operators' screens (`o`) beside those of the console (`t`), in the language that was chosen. */
export function useOpsTexts() {
  const { t, language } = useTexts();
  return { t, o: language === 'en' ? opsEn : opsZh, language };
}

/** The word for a name that the hub may add to: the name itself where there is no word for it yet. */
export const wordFor = (words: Readonly<Record<string, string>>, name: string): string => words[name] ?? name;
