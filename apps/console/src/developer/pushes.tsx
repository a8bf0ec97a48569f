import { Badge, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { asApp } from './app-secret';

type Status = Schemas['PushSummary']['status'];
const pageItems = 25;

/** What the app pushed, newest first, with what became of each in words. */
export function Pushes({ appId, secret }: { appId: string; secret: string }) {
  const { t } = useTexts();
  const [status, setStatus] = useState<Status | ''>('');
  const pushes = useInfiniteQuery({
    queryKey: ['pushes', appId, status, secret],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET('/v1/pushes', {
          ...asApp(secret),
          params: {
            query: {
              limit: pageItems,
              ...(status !== '' && { status }),
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const statuses = Object.entries(t.pushes.statuses).map(([value, label]) => ({ value, label }));
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <NativeSelect
          label={t.pushes.show}
          value={status}
          data={[{ value: '', label: t.pushes.all }, ...statuses]}
          onChange={(event) => setStatus(event.currentTarget.value as Status | '')}
        />
        <Button variant="default" loading={pushes.isRefetching} onClick={() => void pushes.refetch()}>
          {t.pushes.again}
        </Button>
      </Group>
      <Loaded of={pushes}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Text size="sm">{t.pushes.none}</Text>;
          return (
            <ul className="calls">
              {items.map((push) => (
                <PushRow key={push.id} push={push} secret={secret} />
              ))}
            </ul>
          );
        }}
      </Loaded>
      {pushes.hasNextPage && (
        <div>
          <Button variant="default" loading={pushes.isFetchingNextPage} onClick={() => void pushes.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function PushRow({ push, secret }: { push: Schemas['PushSummary']; secret: string }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const { status, reasonText, pushedAt, sendAt, recipients } = push;
  return (
    <li>
      <Group gap="xs">
        <Badge variant="default">{t.pushes.statuses[status]}</Badge>
        <Text size="sm">
          <When at={pushedAt} />
        </Text>
        <Text size="sm" className="words">
          {t.pushes.to(recipients.map(({ openid }) => openid).join(', '))}
        </Text>
      </Group>
      {sendAt !== undefined && (
        <Text size="sm">
          {t.pushes.dueAt} <When at={sendAt} />
        </Text>
      )}
      {reasonText !== undefined && <Text size="sm">{reasonText}</Text>}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t.pushes.timeline}</summary>
        {open && <Timeline pushId={push.id} secret={secret} />}
      </details>
    </li>
  );
}

function Timeline({ pushId, secret }: { pushId: string; secret: string }) {
  const { t } = useTexts();
  const push = useQuery({
    queryKey: ['pushes', pushId],
    queryFn: () => answered(api.GET('/v1/pushes/{pushId}', { ...asApp(secret), params: { path: { pushId } } })),
  });
  return (
    <Loaded of={push}>
      {({ timeline }) => (
        <ol className="calls">
          {timeline.map(({ event, at, channel, text, detail }, index) => (
            <li key={index}>
              <Text size="sm">
                <When at={at} /> {text ?? event}
                {channel !== undefined && ` (${t.channels.kinds[channel as keyof typeof t.channels.kinds] ?? channel})`}
                {text === undefined && detail !== undefined && `: ${detail}`}
              </Text>
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}
