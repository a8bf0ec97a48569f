import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { useSession } from '../api/use-session';
import { StandingHistory } from '../developer/standing-history';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { When } from '../shared/when';
import { ComplaintCase } from './complaint-case';
import { notByItself } from './not-by-itself';
import { Note, noted } from './note';
import { useOpsTexts } from './use-ops-texts';

const bansMax = 200;
/** Nobody's text is in the list, so it may be read by itself. */
const bansEveryMs = 5_000;

/** Bans that wait for a second operator. What is sent during one is lost, so it takes the typed name of the app. */
export function BansPage() {
  const { o } = useOpsTexts();
  const bans = useQuery({
    queryKey: ['bans'],
    queryFn: () => answered(api.GET('/v1/ops/bans', { params: { query: { limit: bansMax } } })),
    refetchInterval: bansEveryMs,
  });
  return (
    <Page title={o.places['/ops/bans']}>
      <Text size="sm">{o.bans.what}</Text>
      <Loaded of={bans}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{o.queue.none}</Text>
          ) : (
            <Stack gap="md">
              {items.map((ban) => (
                <ProposedBan key={ban.ownerId} ban={ban} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function ProposedBan({ ban }: { ban: Schemas['ProposedBan'] }) {
  const { t, o } = useOpsTexts();
  const session = useSession();
  const { appId, ownerId, points, proposedBy, proposedAt, until, severity, complaintId } = ban;
  const name = ban.appName.trim() || appId;
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const [looks, setLooks] = useState(false);
  const isOwn = session.is === 'open' && session.user.id === proposedBy;
  const request = { params: { path: { appId } }, body: noted(note) };
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="sm">
        <Title order={2} size="h4" className="words">
          {name}
        </Title>
        <Text size="sm" className="words">
          {o.complaints.owner} {ownerId} · {t.standing.points(points)} · {t.standing.severities[severity]}
        </Text>
        <Text size="sm" className="words">
          {o.bans.proposed} <When at={proposedAt} /> {o.by} {proposedBy}
        </Text>
        <Text size="sm">
          {o.bans.lapses} <When at={until} />
        </Text>
        <StandingHistory appId={appId} />
        {looks ? (
          <Complaint complaintId={complaintId} />
        ) : (
          <div>
            <Button variant="default" onClick={() => setLooks(true)}>
              {o.bans.look}
            </Button>
          </div>
        )}
        <Note value={note} change={setNote} lengthMax={1_000} />
        {isOwn ? (
          <Text>{o.bans.own}</Text>
        ) : (
          <TextInput
            label={o.bans.type(name)}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Group>
          {!isOwn && (
            <Press
              color="red.9"
              disabled={typed.trim() !== name}
              changes={['bans', 'standing', 'waiting']}
              act={() => answered(api.POST('/v1/ops/apps/{appId}/ban', request))}
            >
              {o.bans.ban}
            </Press>
          )}
          <Press
            variant="default"
            changes={['bans', 'standing', 'waiting']}
            act={() => answered(api.POST('/v1/ops/apps/{appId}/ban/reject', request))}
          >
            {o.bans.reject}
          </Press>
        </Group>
      </Stack>
    </Paper>
  );
}

/** The complaint that led to it. The look is recorded, so it is read when somebody asks for it. */
function Complaint({ complaintId }: { complaintId: string }) {
  const { o } = useOpsTexts();
  const complaint = useQuery({
    queryKey: ['complaint-case', complaintId],
    queryFn: () => answered(api.GET('/v1/ops/complaints/{complaintId}', { params: { path: { complaintId } } })),
    ...notByItself,
  });
  return (
    <>
      <Text size="sm">{o.watched}</Text>
      <Loaded of={complaint}>{(shown) => <ComplaintCase complaint={shown} />}</Loaded>
    </>
  );
}
