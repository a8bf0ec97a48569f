import { Badge, Group, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { AppName } from '../shared/app-name';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { Steps } from './steps';

/** A message, or the newest of a thread, in the list. */
export function InboxRow({ item }: { item: Schemas['InboxItem'] }) {
  const { t } = useTexts();
  const { threadState } = item;
  const isUnread = threadState ? threadState.unread > 0 : item.readAt === undefined;
  return (
    <Paper component="li" withBorder className={isUnread ? 'item unread' : 'item'}>
      <Link className="row" to="/inbox/$inboxItemId" params={{ inboxItemId: item.id }} data-inbox-item={item.id}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <AppName app={item.app} />
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            <When at={item.receivedAt} />
          </Text>
        </Group>
        <Group gap="xs">
          {isUnread && (
            <Badge size="sm" variant="filled" component="span">
              {t.inbox.unread}
            </Badge>
          )}
          {item.keptAt !== undefined && (
            <Badge size="sm" variant="outline" component="span">
              {t.inbox.kept}
            </Badge>
          )}
          {item.title !== undefined && (
            <Text component="span" fw={isUnread ? 700 : 500} className="words">
              {item.title}
            </Text>
          )}
          {threadState && threadState.messages > 1 && (
            <Text component="span" size="sm" c="dimmed">
              {t.inbox.thread(threadState.messages)}
            </Text>
          )}
        </Group>
        <Text size="sm" className="words" lineClamp={2}>
          {item.summary ?? item.body}
        </Text>
        {threadState?.step && <Steps step={threadState.step} labels={labelsOf(threadState)} />}
      </Link>
    </Paper>
  );
}

const labelsOf = ({ steps = [] }: NonNullable<Schemas['InboxItem']['threadState']>): ReadonlyMap<number, string> =>
  new Map(steps.flatMap(({ index, label }) => (label === undefined ? [] : [[index, label] as const])));
