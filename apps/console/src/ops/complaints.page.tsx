import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { Said } from '../shared/said';
import { ComplaintCase } from './complaint-case';
import { Note, noted } from './note';
import { QueuePage } from './queue-page';
import { severities, type Severity, SeverityChoice } from './severity-choice';
import { useOpsTexts } from './use-ops-texts';
import { useQueue } from './use-queue';
import { useQueueKeys } from './use-queue-keys';

interface Decided {
  /** Absent: it is dismissed. */
  readonly severity?: Severity;
  readonly complaint: Schemas['ComplaintCase'];
}

/**
 * The queue of complaints: each beside the push as it was shown, the app's history and what each severity would do. `1 2 3` choose
 * one, `a` upholds with it, `r` dismisses, `n` goes on.
 */
export function ComplaintQueuePage() {
  const { t, o } = useOpsTexts();
  const queue = useQueue('complaint-case', 'open', (query) =>
    answered(api.GET('/v1/ops/complaints', { params: { query } })),
  );
  const { item, next, again } = queue;
  const [note, setNote] = useState('');
  const [severity, setSeverity] = useState<Severity>();
  useEffect(() => {
    setNote('');
    setSeverity(undefined);
  }, [item?.id]);
  const decided = useMutation({
    mutationFn: async ({ complaint: { id }, severity: chosen }: Decided) => {
      const path = { complaintId: id };
      if (chosen !== undefined) {
        const body = { severity: chosen, ...noted(note) };
        return (await answered(api.POST('/v1/ops/complaints/{complaintId}/uphold', { params: { path }, body })))
          .standing;
      }
      await answered(api.POST('/v1/ops/complaints/{complaintId}/dismiss', { params: { path }, body: noted(note) }));
      return undefined;
    },
    onSuccess: async () => {
      next?.();
      await readAnew('waiting', 'standing', 'bans');
    },
  });
  const isOpen = item?.status === 'open';
  const decide = (chosen: Severity | undefined) => {
    if (item && isOpen && !decided.isPending)
      decided.mutate({ complaint: item, ...(chosen !== undefined && { severity: chosen }) });
  };
  const choose = (one: Severity) => () => isOpen && setSeverity(one);
  const uphold = () => severity !== undefined && decide(severity);
  const dismiss = () => decide(undefined);
  const [minor, major, severe] = severities;
  useQueueKeys({ 1: choose(minor), 2: choose(major), 3: choose(severe), a: uphold, r: dismiss, n: next });
  const last = decided.variables;
  return (
    <QueuePage
      title={o.places['/ops/complaints']}
      queue={queue}
      statuses={t.complaints.statuses}
      keys={o.complaints.keys}
      outcome={
        <>
          <Said>
            {decided.isSuccess && last && (
              <Text>
                {o.complaints.decided[last.severity === undefined ? 'dismiss' : 'uphold'](last.complaint.appName)}{' '}
                {decided.data && t.developer.standing(decided.data.points, t.standings[decided.data.status])}
              </Text>
            )}
          </Said>
          {decided.isError && <Failure error={decided.error} again={again} />}
        </>
      }
      decisions={
        isOpen && (
          <>
            <Button
              color="red.9"
              disabled={severity === undefined}
              loading={decided.isPending && last?.severity !== undefined}
              onClick={uphold}
            >
              {o.complaints.uphold}
            </Button>
            <Button variant="default" loading={decided.isPending && last?.severity === undefined} onClick={dismiss}>
              {o.complaints.dismiss}
            </Button>
          </>
        )
      }
    >
      {(complaint) => (
        <>
          <ComplaintCase complaint={complaint} />
          {isOpen && (
            <>
              <SeverityChoice complaint={complaint} value={severity} choose={setSeverity} />
              <Note value={note} change={setNote} lengthMax={1_000} />
            </>
          )}
        </>
      )}
    </QueuePage>
  );
}
