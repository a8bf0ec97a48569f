import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../texts/use-texts';

/** How often messages ring together. */
export interface DigestChosen<Every extends string> {
  readonly every: Every;
  readonly at?: string;
}

/** The hub's, for whom has not said. */
const usualTime = '09:00';

/**
 * A choice of how often messages ring together, each of `choices` beside one for none of them, called `otherwise`. `save`
 * gets null for that.
 */
export function DigestChoice<Every extends string>({
  label,
  digest,
  choices,
  otherwise,
  isSaving,
  save,
}: {
  readonly label: string;
  readonly digest: DigestChosen<Every> | undefined;
  readonly choices: readonly { readonly value: Every; readonly label: string }[];
  readonly otherwise: string;
  readonly isSaving: boolean;
  readonly save: (digest: DigestChosen<Every> | null) => void;
}) {
  const { t } = useTexts();
  const [every, setEvery] = useState<string>(digest?.every ?? '');
  const [time, setTime] = useState(digest?.at ?? usualTime);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = choices.find(({ value }) => value === every)?.value;
    save(chosen === undefined ? null : { every: chosen, ...(chosen === 'day' && { at: time }) });
  };
  return (
    <Group component="form" onSubmit={submit} align="flex-end">
      <NativeSelect
        label={label}
        value={every}
        data={[{ value: '', label: otherwise }, ...choices]}
        onChange={({ currentTarget: { value } }) => setEvery(value)}
      />
      {every === 'day' && (
        <TextInput
          type="time"
          label={t.digest.at}
          required
          value={time}
          onChange={({ currentTarget: { value } }) => setTime(value)}
        />
      )}
      <Button type="submit" variant="default" loading={isSaving}>
        {t.save}
      </Button>
    </Group>
  );
}
