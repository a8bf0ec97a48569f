import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { answered, api } from '../api/client';
import { readAnew } from '../api/queries';
import { FirstPush } from '../developer/first-push';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { useTexts } from '../texts/use-texts';
import { InboxRow } from './inbox-row';
import { type Mark, markItem, undoing } from './mark-item';
import { useInboxKeys } from './use-inbox-keys';
import { inboxEveryMs, useLiveInbox } from './use-live-inbox';

const views = ['all', 'unread', 'kept', 'archived'] as const;
type View = (typeof views)[number];
const queryOf: Readonly<Record<View, Readonly<Record<string, 'true'>>>> = {
  all: { folded: 'true' },
  unread: { unread: 'true' },
  kept: { kept: 'true' },
  archived: { archived: 'true' },
};

/** 收件箱: what came, newest first, a thread in one row. `j k` go through it, `e r u` mark, `/` searches. */
export function InboxPage() {
  const { t } = useTexts();
  useLiveInbox();
  const [view, setView] = useState<View>('all');
  const [q, setQ] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const inbox = useInfiniteQuery({
    queryKey: ['inbox', { view, q }],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET('/v1/inbox', {
          params: {
            query: {
              limit: 50,
              ...(pageParam !== null && { cursor: pageParam }),
              ...(q === '' ? queryOf[view] : { q }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: inboxEveryMs,
  });
  const marked = useMutation({
    mutationFn: ({ id, mark }: { id: string; mark: Mark }) => markItem(id, mark),
    onSuccess: () => readAnew('inbox'),
  });
  useInboxKeys((id, mark) => marked.mutate({ id, mark }), search);
  const unread = inbox.data?.pages[0]?.unread ?? 0;
  const title = t.inbox.title;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} · Hark`;
  }, [unread, title]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setQ(search.current?.value.trim() ?? '');
  };
  const last = marked.variables;
  const back = last && undoing[last.mark];
  return (
    <Page title={title}>
      <Group component="form" onSubmit={submit} align="flex-end" role="search">
        <NativeSelect
          label={t.inbox.show}
          value={view}
          data={views.map((value) => ({ value, label: t.inbox.views[value] }))}
          onChange={(event) => setView(event.currentTarget.value as View)}
        />
        <TextInput ref={search} type="search" label={t.inbox.search} maxLength={100} flex={1} miw={120} />
        <Button type="submit" variant="default">
          {t.inbox.searchIt}
        </Button>
        {unread > 0 && (
          <Press variant="default" changes={['inbox']} act={() => answered(api.POST('/v1/inbox/read-all', {}))}>
            {t.inbox.readAll(unread)}
          </Press>
        )}
      </Group>
      {marked.isError && <Failure error={marked.error} />}
      {marked.isSuccess && last && back && (
        <Group role="status">
          <Text size="sm">{t.inbox.marked[last.mark]}</Text>
          <Button variant="subtle" size="compact-sm" onClick={() => marked.mutate({ id: last.id, mark: back })}>
            {t.undo}
          </Button>
        </Group>
      )}
      <Loaded of={inbox}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return view === 'all' && q === '' ? <Empty /> : <Text>{t.inbox.noneLeft}</Text>;
          return (
            <Stack gap="xs" component="ul" p={0} m={0} aria-label={title}>
              {items.map((item) => (
                <InboxRow key={item.id} item={item} />
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
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {t.inbox.keys}
      </Text>
    </Page>
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
