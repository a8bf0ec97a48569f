import { useTexts } from '../texts/use-texts';

/** The steps of a ticket as a line of dots, those that have come filled, with what they are called. */
export function Steps({
  step: { index, of, label },
  labels,
}: {
  step: { index: number; of: number; label?: string };
  labels: ReadonlyMap<number, string>;
}) {
  const { t } = useTexts();
  return (
    <span className="steps">
      <span className="said">{t.inbox.step(index, of, label ?? '')}</span>
      {Array.from({ length: of }, (_, at) => (
        <span key={at} className={at + 1 <= index ? 'step come' : 'step'} aria-hidden="true">
          {labels.get(at + 1) ?? ''}
        </span>
      ))}
    </span>
  );
}
