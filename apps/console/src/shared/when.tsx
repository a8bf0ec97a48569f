import { useTexts } from '../texts/use-texts';
import { whenText } from './when-text';

/** A time as people say it, with the exact one on touch. */
export function When({ at }: { at: string }) {
  const { t, language } = useTexts();
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(at));
  return (
    <time dateTime={at} title={exact}>
      {whenText(new Date(at), new Date(), language, t.days)}
    </time>
  );
}
