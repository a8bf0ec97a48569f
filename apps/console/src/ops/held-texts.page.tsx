import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { CaseHistory } from './case-history';
import { notByItself } from './not-by-itself';
import { PushTexts } from './push-texts';
import { useOpsTexts, wordFor } from './use-ops-texts';
import { useQueueKeys } from './use-queue-keys';

type HeldText = Schemas['HeldText'];
type Decision = 'approve' | 'reject';

interface Decided {
  readonly decision: Decision;
  readonly text: HeldText;
}

/** A place in the queue. `round` makes a place that was seen before a new one: it is read, and recorded, anew. */
interface Place {
  readonly status: HeldText['status'];
  readonly cursor?: string;
  readonly round: number;
}

const statuses = ['held', 'approved', 'rejected', 'blocked'] as const;

/**
 * The queue of held texts: one at a time beside what held it; `a` approves, `r` rejects, `n` goes on. A look at a text is
 * recorded, so only the one that is shown is read, once, and never by itself again.
 */
export function HeldTextsPage() {
  const { o } = useOpsTexts();
  const [place, setPlace] = useState<Place | null>({ status: 'held', round: 0 });
  const [note, setNote] = useState('');
  const [latest, setLatest] = useState<Place>({ status: 'held', round: 0 });
  const go = (next: Place | null) => {
    setNote('');
    setPlace(next);
    if (next) setLatest(next);
  };
  const { status } = latest;
  const again = () => go({ status, round: latest.round + 1 });
  const looked = useQuery({
    queryKey: ['held-text', place],
    queryFn: () => {
      const { cursor } = place!;
      const query = { limit: 1, status, ...(cursor !== undefined && { cursor }) };
      return answered(api.GET('/v1/ops/reviews', { params: { query } }));
    },
    enabled: place !== null,
    ...notByItself,
  });
  const held = place === null ? undefined : looked.data?.items[0];
  const next = looked.data && (() => go(following(latest, looked.data.nextCursor)));
  const decided = useMutation({
    mutationFn: ({ decision, text: { pushId, edition } }: Decided): Promise<unknown> => {
      const body = { ...(note.trim() !== '' && { note: note.trim() }), ...(edition !== undefined && { edition }) };
      const request = { params: { path: { pushId } }, body };
      return decision === 'approve'
        ? answered(api.POST('/v1/ops/reviews/{pushId}/approve', request))
        : answered(api.POST('/v1/ops/reviews/{pushId}/reject', request));
    },
    onSuccess: () => next?.(),
  });
  const decide =
    held?.status === 'held' && !decided.isPending
      ? (decision: Decision) => () => decided.mutate({ decision, text: held })
      : () => undefined;
  useQueueKeys({ a: decide('approve'), r: decide('reject'), n: place === null ? undefined : next });
  const last = decided.variables;
  return (
    <Page title={o.places['/ops']}>
      <Text size="sm">{o.watched}</Text>
      <Group align="flex-end">
        <NativeSelect
          label={o.held.show}
          value={status}
          data={statuses.map((value) => ({ value, label: o.held.statuses[value] }))}
          onChange={(event) => go({ status: event.currentTarget.value as HeldText['status'], round: latest.round + 1 })}
        />
        <Button variant="default" onClick={again}>
          {o.held.fromStart}
        </Button>
      </Group>
      {decided.isSuccess && last && <Text role="status">{o.held.decided[last.decision](last.text.appName)}</Text>}
      {decided.isError && <Failure error={decided.error} again={again} />}
      {place === null ? (
        <Text>{o.held.all}</Text>
      ) : (
        <Loaded of={looked}>
          {({ items, nextCursor }) =>
            held ? (
              <Case held={held} />
            ) : (
              <Text>{items.length === 0 && nextCursor === null ? o.held.none : o.held.gone}</Text>
            )
          }
        </Loaded>
      )}
      {held?.status === 'held' && (
        <Textarea
          label={o.note}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value.replaceAll('\n', ' '))}
        />
      )}
      <Group>
        {held?.status === 'held' && (
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
        )}
        {place !== null && next && (held ?? looked.data?.nextCursor) && (
          <Button variant="default" onClick={next}>
            {o.held.next}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {o.held.keys}
      </Text>
    </Page>
  );
}

/** The next place of the queue; null at its end. */
const following = ({ status, round }: Place, nextCursor: string | null): Place | null =>
  nextCursor === null ? null : { status, round, cursor: nextCursor };

/** The text as it is written, and beside it what held it. */
function Case({ held }: { held: HeldText }) {
  const { o } = useOpsTexts();
  const { pushId, appId, appName, status, label, matched, excerpts, edition, heldAt, history, ...content } = held;
  return (
    <div className="beside" data-held-text={pushId}>
      <Paper withBorder p="md" component="section" aria-label={o.held.text}>
        <Stack gap="sm">
          <Group>
            <Title order={2} size="h4" className="words">
              {appName}
            </Title>
            <Badge variant="outline">{o.held.statuses[status]}</Badge>
          </Group>
          <Text size="sm">
            {o.held.since} <When at={heldAt} />
          </Text>
          {edition !== undefined && <Text size="sm">{o.held.edition(edition)}</Text>}
          {content.body === undefined ? <Text>{o.held.gone}</Text> : <PushTexts content={content} found={excerpts} />}
        </Stack>
      </Paper>
      <Paper withBorder p="md" component="section" aria-label={o.held.why}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {o.held.why}
          </Title>
          <Text fw={600}>{wordFor(o.held.labels, label)}</Text>
          <Found title={o.held.found} parts={matched} />
          <Found title={o.held.asWritten} parts={excerpts} />
          {matched === undefined && content.body !== undefined && <Text size="sm">{o.held.notFound}</Text>}
          <CaseHistory history={history} />
        </Stack>
      </Paper>
    </div>
  );
}

function Found({ title, parts }: { title: string; parts: readonly string[] | undefined }) {
  if (parts === undefined || parts.length === 0) return null;
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text className="words">
        {parts.map((part, at) => (
          <span key={at}>
            {at > 0 && ' · '}
            <mark>{part}</mark>
          </span>
        ))}
      </Text>
    </div>
  );
}
