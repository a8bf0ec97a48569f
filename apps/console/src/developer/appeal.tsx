import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

interface AppealFormProps {
  readonly appId: string;
  readonly penaltyId: string;
  readonly until: string;
}

/** The owner says why a penalty is wrong: once, so it is opened before it is written. */
export function AppealForm({ appId, penaltyId, until }: AppealFormProps) {
  const { t } = useTexts();
  const [note, setNote] = useState('');
  const made = useMutation({
    mutationFn: () => {
      const body = { penaltyId, note: note.trim() };
      return answered(api.POST('/v1/apps/{appId}/appeals', { params: { path: { appId } }, body }));
    },
    onSuccess: () => readAnew('standing'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    made.mutate();
  };
  return (
    <details>
      <summary>{t.appeal.open}</summary>
      <Stack component="form" onSubmit={submit} gap="xs">
        <Text size="sm">
          {t.appeal.what} {t.appeal.until} <When at={until} />
        </Text>
        <Textarea
          label={t.appeal.why}
          required
          autosize
          minRows={3}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={note.trim() === ''} loading={made.isPending}>
            {t.appeal.make}
          </Button>
        </div>
        {made.isError && <Failure error={made.error} />}
      </Stack>
    </details>
  );
}

type Made = NonNullable<Schemas['Standing']['history'][number]['appeal']>;

/** What came of an appeal, with the operator's answer. */
export function AppealOutcome({ appeal: { status, appealedAt, decidedAt, answer } }: { appeal: Made }) {
  const { t } = useTexts();
  return (
    <>
      <Text size="sm">
        {t.appeal.made} <When at={appealedAt} /> · {t.appeal.statuses[status]}
        {decidedAt !== undefined && (
          <>
            {' '}
            <When at={decidedAt} />
          </>
        )}
      </Text>
      {answer !== undefined && (
        <Text size="sm" className="words">
          {t.appeal.answer} {answer}
        </Text>
      )}
    </>
  );
}
