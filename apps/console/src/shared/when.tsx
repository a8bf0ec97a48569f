import { useTexts } from '../texts/use-texts';
import { exactTimeText, whenText } from './when-text';

/** A time as people say it, with the exact one on touch. */
export function When({ at }: { at: string }) {
  const { t, language } = useTexts();
  return (
    <time dateTime={at} title={exactTimeText(new Date(at), language)}>
      {whenText(new Date(at), new Date(), language, t.days)}
    </time>
  );
}
