import { TextInput } from '@mantine/core';
import { useOpsTexts } from './use-ops-texts';

interface NoteProps {
  /** Where it is not only for other operators. */
  readonly label?: string;
  readonly value: string;
  readonly change: (note: string) => void;
  readonly lengthMax: number;
}

/** A word about a decision: other operators see it, nobody else unless the label says so. */
export function Note({ label, value, change, lengthMax }: NoteProps) {
  const { o } = useOpsTexts();
  return (
    <TextInput
      label={label ?? o.note}
      maxLength={lengthMax}
      autoComplete="off"
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

/** The note as calls take it: nothing where nothing was written. */
export const noted = (note: string): { note?: string } => (note.trim() === '' ? {} : { note: note.trim() });
