import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { useSession } from '../api/use-session';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { ComplaintCase } from './complaint-case';
import { Note, noted } from './note';
import { QueuePage } from './queue-page';
import { useOpsTexts } from './use-ops-texts';
import { useQueue } from './use-queue';
import { useQueueKeys } from './use-queue-keys';

interface Decided {
  readonly decision: 'grant' | 'refuse';
  readonly complaint: Schemas['ComplaintCase'];
}

/**
 * The queue of appeals: each with the complaint, the push as it was shown and what granting would leave. `a` grants, `r` refuses,
 * `n` goes on. Whoever upheld the complaint only looks.
 */
export function AppealsPage() {
  const { t, o } = useOpsTexts();
  const session = useSession();
  const queue = useQueue('appeal-case', 'open', (query) => answered(api.GET('/v1/ops/appeals', { params: { query } })));
  const { item, next, again } = queue;
  const [note, setNote] = useState('');
  useEffect(() => setNote(''), [item?.id]);
  const decided = useMutation({
    mutationFn: async ({ decision, complaint: { id } }: Decided) => {
      const request = { params: { path: { complaintId: id } }, body: noted(note) };
      const call =
        decision === 'grant'
          ? api.POST('/v1/ops/appeals/{complaintId}/grant', request)
          : api.POST('/v1/ops/appeals/{complaintId}/refuse', request);
      return (await answered(call)).standing;
    },
    onSuccess: async () => {
      next?.();
      await readAnew('waiting', 'standing', 'bans');
    },
  });
  const isOpen = item?.appeal?.status === 'open';
  const isOwn = session.is === 'open' && item?.history.some((one) => isUpheldBy(one, session.user.id));
  const decide = (decision: Decided['decision']) => () => {
    if (item && isOpen && !isOwn && !decided.isPending) decided.mutate({ decision, complaint: item });
  };
  useQueueKeys({ a: decide('grant'), r: decide('refuse'), n: next });
  const last = decided.variables;
  return (
    <QueuePage
      title={o.places['/ops/appeals']}
      queue={queue}
      statuses={t.appeal.statuses}
      keys={o.appeals.keys}
      outcome={
        <>
          <Said>
            {decided.isSuccess && last && (
              <Text>
                {o.appeals.decided[last.decision](last.complaint.appName)}{' '}
                {decided.data && t.developer.standing(decided.data.points, t.standings[decided.data.status])}
              </Text>
            )}
          </Said>
          {decided.isError && <Failure error={decided.error} again={again} />}
        </>
      }
      decisions={
        isOpen &&
        !isOwn && (
          <>
            <Button color="teal.9" loading={decided.isPending && last?.decision === 'grant'} onClick={decide('grant')}>
              {o.appeals.grant}
            </Button>
            <Button color="red.9" loading={decided.isPending && last?.decision === 'refuse'} onClick={decide('refuse')}>
              {o.appeals.refuse}
            </Button>
          </>
        )
      }
    >
      {(complaint) => (
        <>
          <ComplaintCase complaint={complaint} />
          {isOpen &&
            (isOwn ? (
              <Text>{o.appeals.own}</Text>
            ) : (
              <Note label={o.appeals.answer} value={note} change={setNote} lengthMax={1_000} />
            ))}
        </>
      )}
    </QueuePage>
  );
}

const isUpheldBy = ({ event, by }: Schemas['CaseEntry'], operatorId: string): boolean =>
  event === 'complaint.upheld' && by === operatorId;
