import { NumberInput, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from '../api/client';
import { Press } from '../shared/press';
import { Note, noted } from './note';
import { useOpsTexts } from './use-ops-texts';

/** Points that an owner begins with; nobody has more. */
const pointsMax = 12;

/** Lifts what restricts the owner of an app. Not there while nothing does. */
export function Reinstate({ appId }: { appId: string }) {
  const { o } = useOpsTexts();
  const [points, setPoints] = useState<number | string>('');
  const [note, setNote] = useState('');
  const standing = useQuery({
    queryKey: ['standing', appId],
    queryFn: () => answered(api.GET('/v1/apps/{appId}/standing', { params: { path: { appId } } })),
  });
  if (standing.data === undefined || standing.data.status === 'good') return null;
  const body = { ...noted(note), ...(typeof points === 'number' && { points }) };
  return (
    <Paper withBorder p="md" component="details">
      <Title order={3} size="h5" component="summary">
        {o.reinstate.title}
      </Title>
      <Stack gap="sm" mt="sm">
        <Text size="sm">{o.reinstate.what}</Text>
        <NumberInput label={o.reinstate.points} min={1} max={pointsMax} value={points} onChange={setPoints} />
        <Note value={note} change={setNote} lengthMax={1_000} />
        <div>
          <Press
            variant="default"
            changes={['standing', 'bans', 'waiting']}
            act={() => answered(api.POST('/v1/ops/apps/{appId}/reinstate', { params: { path: { appId } }, body }))}
          >
            {o.reinstate.title}
          </Press>
        </div>
      </Stack>
    </Paper>
  );
}
