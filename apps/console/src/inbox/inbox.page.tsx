import { Badge, Button, Group, Paper, Stack, Switch, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { FirstPush } from '../developer/first-push';
import { AppName } from '../shared/app-name';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { inboxEveryMs } from './inbox-every';

/** 收件箱: what came, newest first. */
export function InboxPage() {
  const { t } = useTexts();
  const [unreadOnly, setUnreadOnly] = useState(false);
  const [archived, setArchived] = useState(false);
  const inbox = useInfiniteQuery({
    queryKey: ['inbox', { unreadOnly, archived }],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET('/v1/inbox', {
          params: {
            query: {
              limit: 50,
              ...(pageParam !== null && { cursor: pageParam }),
              ...(unreadOnly && { unread: 'true' as const }),
              ...(archived && { archived: 'true' as const }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: inboxEveryMs,
  });
  const unread = inbox.data?.pages[0]?.unread ?? 0;
  const title = t.inbox.title;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} · Hark`;
  }, [unread, title]);
  return (
    <Page title={title}>
      <Group justify="space-between">
        <Group>
          <Switch
            label={t.inbox.unreadOnly}
            checked={unreadOnly}
            onChange={(event) => setUnreadOnly(event.currentTarget.checked)}
          />
          <Switch
            label={t.inbox.archived}
            checked={archived}
            onChange={(event) => setArchived(event.currentTarget.checked)}
          />
        </Group>
        {unread > 0 && (
          <Press
            size="compact-sm"
            variant="default"
            changes={['inbox']}
            act={() => answered(api.POST('/v1/inbox/read-all', {}))}
          >
            {t.inbox.readAll(unread)}
          </Press>
        )}
      </Group>
      <Loaded of={inbox}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return unreadOnly || archived ? <Text>{t.inbox.noneLeft}</Text> : <Empty />;
          return (
            <Stack gap="xs" component="ul" p={0} m={0} aria-label={title}>
              {items.map((item) => (
                <Row key={item.id} item={item} />
              ))}
            </Stack>
          );
        }}
      </Loaded>
      {inbox.hasNextPage && (
        <Button variant="default" loading={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>
          {t.more}
        </Button>
      )}
    </Page>
  );
}

function Row({ item }: { item: Schemas['InboxItem'] }) {
  const { t } = useTexts();
  const isUnread = item.readAt === undefined;
  return (
    <Paper component="li" withBorder style={{ listStyle: 'none' }} className={isUnread ? 'unread' : undefined}>
      <Link
        className="row"
        style={{ padding: '0.6rem 0.9rem' }}
        to="/inbox/$inboxItemId"
        params={{ inboxItemId: item.id }}
      >
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <AppName app={item.app} />
          <Text size="sm" c="var(--mantine-color-dimmed)" style={{ whiteSpace: 'nowrap' }}>
            <When at={item.receivedAt} />
          </Text>
        </Group>
        <Group gap="xs">
          {isUnread && (
            <Badge size="sm" variant="filled">
              {t.inbox.unread}
            </Badge>
          )}
          {item.title !== undefined && (
            <Text fw={isUnread ? 700 : 500} className="words">
              {item.title}
            </Text>
          )}
        </Group>
        <Text size="sm" className="words" lineClamp={2}>
          {item.summary ?? item.body}
        </Text>
      </Link>
    </Paper>
  );
}

function Empty() {
  const { t } = useTexts();
  return (
    <Stack>
      <Text>{t.inbox.empty}</Text>
      <FirstPush />
    </Stack>
  );
}
