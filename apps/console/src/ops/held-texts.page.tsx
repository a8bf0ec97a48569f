import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { HeldText } from './held-text';
import { Note, noted } from './note';
import { QueuePage } from './queue-page';
import { useOpsTexts } from './use-ops-texts';
import { useQueue } from './use-queue';
import { useQueueKeys } from './use-queue-keys';

interface Decided {
  readonly decision: 'approve' | 'reject';
  readonly text: Schemas['HeldText'];
}

/** The queue of held texts: one at a time beside what held it; `a` approves, `r` rejects, `n` goes on. */
export function HeldTextsPage() {
  const { o } = useOpsTexts();
  const queue = useQueue('held-text', 'held', (query) => answered(api.GET('/v1/ops/reviews', { params: { query } })));
  const { item, next, again } = queue;
  const [note, setNote] = useState('');
  useEffect(() => setNote(''), [item?.pushId]);
  const decided = useMutation({
    mutationFn: ({ decision, text: { pushId, edition } }: Decided): Promise<unknown> => {
      const body = { ...noted(note), ...(edition !== undefined && { edition }) };
      const request = { params: { path: { pushId } }, body };
      return decision === 'approve'
        ? answered(api.POST('/v1/ops/reviews/{pushId}/approve', request))
        : answered(api.POST('/v1/ops/reviews/{pushId}/reject', request));
    },
    onSuccess: async () => {
      next?.();
      await readAnew('waiting');
    },
  });
  const waits = item?.status === 'held';
  const decide = (decision: Decided['decision']) => () => {
    if (item && waits && !decided.isPending) decided.mutate({ decision, text: item });
  };
  useQueueKeys({ a: decide('approve'), r: decide('reject'), n: next });
  const last = decided.variables;
  return (
    <QueuePage
      title={o.places['/ops']}
      queue={queue}
      statuses={o.held.statuses}
      keys={o.held.keys}
      outcome={
        <>
          <Said>{decided.isSuccess && last && <Text>{o.held.decided[last.decision](last.text.appName)}</Text>}</Said>
          {decided.isError && <Failure error={decided.error} again={again} />}
        </>
      }
      decisions={
        waits && (
          <>
            <Button
              color="teal.9"
              loading={decided.isPending && last?.decision === 'approve'}
              onClick={decide('approve')}
            >
              {o.held.approve}
            </Button>
            <Button color="red.9" loading={decided.isPending && last?.decision === 'reject'} onClick={decide('reject')}>
              {o.held.reject}
            </Button>
          </>
        )
      }
    >
      {(held) => (
        <>
          <HeldText held={held} />
          {waits && <Note value={note} change={setNote} lengthMax={500} />}
        </>
      )}
    </QueuePage>
  );
}
