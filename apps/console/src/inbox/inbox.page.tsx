import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { lazyRouteComponent } from '@tanstack/react-router';
import { type FormEvent, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { answered, api } from '../api/client';
import { queries } from '../api/queries';
import { FirstPush } from '../developer/first-push';
import { Failure } from '../shared/failure';
import { Loaded, Shape } from '../shared/loaded';
import { Page } from '../shared/page';
import { Press } from '../shared/press';
import { Said } from '../shared/said';
import { setBadge } from '../shell/badge';
import { useTexts } from '../texts/use-texts';
import {
  bindingsQuery,
  everything,
  type Filter,
  listName,
  listQuery,
  loadItems,
  refreshLists,
  refreshWhenCome,
} from './inbox-list';
import { type InboxItem, type Mark, undoing, type View, views } from './inbox-pages';
import { markItem, markItems, messagesOf } from './mark-item';
import { useInboxKeys } from './use-inbox-keys';
import { inboxEveryMs, useLiveInbox } from './use-live-inbox';

const InboxItems = lazyRouteComponent(loadItems, 'InboxItems');

/** A mark and the messages that got it: of a row that stands for a thread, all of them. */
interface Marking {
  readonly rows?: readonly InboxItem[];
  readonly ids?: readonly string[];
  readonly mark: Mark;
}

/** 收件箱: what came, newest first, a thread in one row. `j k` go through it, `e r u` mark, `x` selects, `/` searches. */
export function InboxPage() {
  const { t } = useTexts();
  useLiveInbox();
  const [filter, setFilter] = useState(everything);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  /** The key that is shown once stays when the first push has come. */
  const [isTrying, setIsTrying] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const inbox = useInfiniteQuery(listQuery(filter));
  useEffect(() => {
    void refreshWhenCome().catch(() => undefined);
    const timer = setInterval(() => void refreshLists().catch(() => undefined), inboxEveryMs);
    return () => clearInterval(timer);
  }, []);
  const pages = inbox.data?.pages;
  const items = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const chosen = useMemo(() => items.filter(({ id }) => selected.has(id)), [items, selected]);
  const marked = useMutation({
    mutationFn: async ({ rows = [], ids, mark }: Marking) => {
      const all = ids ?? (await messagesOf(rows));
      const [only] = all;
      await (all.length === 1 ? markItem(only!, mark) : markItems(all, mark));
      setSelected(new Set());
      return all;
    },
    onSuccess: () => refreshLists(),
  });
  const toggle = (id: string) =>
    setSelected((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const mark = (id: string, one: Mark) =>
    marked.mutate({ mark: one, rows: selected.has(id) ? chosen : items.filter((item) => item.id === id) });
  useInboxKeys(mark, toggle, search);
  const unread = inbox.data?.pages[0]?.unread ?? 0;
  const title = t.inbox.title;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${title} · Hark`;
    setBadge(unread);
  }, [unread, title]);
  const show = (change: Partial<Filter>) => {
    setFilter({ ...filter, ...change });
    setSelected(new Set());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show({ q: search.current?.value.trim() ?? '' });
  };
  const isNew = inbox.data !== undefined && items.length === 0 && Object.values(filter).join('') === 'all';
  const last = marked.variables;
  const back = last && undoing[last.mark];
  return (
    <Page title={title}>
      <Group component="form" onSubmit={submit} align="flex-end" role="search">
        <NativeSelect
          label={t.inbox.show}
          value={filter.view}
          data={views.map((value) => ({ value, label: t.inbox.views[value] }))}
          onChange={(event) => show({ view: event.currentTarget.value as View })}
        />
        <AppFilter appId={filter.appId} choose={(appId) => show({ appId })} />
        <TextInput ref={search} type="search" label={t.inbox.search} maxLength={100} flex={1} miw={120} />
        <Button type="submit" variant="default">
          {t.inbox.searchIt}
        </Button>
        {unread > 0 && (
          <Press
            variant="default"
            act={() => answered(api.POST('/v1/inbox/read-all', {}))}
            then={() => void queries.resetQueries({ queryKey: [listName] })}
          >
            {t.inbox.readAll(unread)}
          </Press>
        )}
      </Group>
      {marked.isError && <Failure error={marked.error} />}
      <Said>
        {marked.isSuccess && last && back && (
          <Group>
            <Text size="sm">
              {marked.data.length > 1 && t.inbox.many(marked.data.length)} {t.inbox.marked[last.mark]}
            </Text>
            <Button variant="subtle" size="compact-sm" onClick={() => marked.mutate({ ids: marked.data, mark: back })}>
              {t.undo}
            </Button>
          </Group>
        )}
      </Said>
      {isNew && <Text>{t.inbox.empty}</Text>}
      {(isNew || isTrying) && <FirstPush tried={() => setIsTrying(true)} />}
      <Loaded of={inbox}>
        {() => {
          if (items.length === 0) return isNew ? null : <Text>{t.inbox.noneLeft}</Text>;
          return (
            <Suspense fallback={<Shape />}>
              <InboxItems
                items={items}
                label={title}
                view={filter.view}
                selected={selected}
                select={setSelected}
                toggle={toggle}
                mark={mark}
                markSelected={(one) => marked.mutate({ rows: chosen, mark: one })}
                marking={marked.isPending ? last?.mark : undefined}
                isWhole={!inbox.hasNextPage}
                more={
                  inbox.hasNextPage && !inbox.isFetchingNextPage && !inbox.isFetchNextPageError
                    ? () => void inbox.fetchNextPage({ cancelRefetch: false })
                    : undefined
                }
              />
            </Suspense>
          );
        }}
      </Loaded>
      {inbox.isFetchNextPageError && <Failure error={inbox.error} again={() => void inbox.fetchNextPage()} />}
      <Text size="xs" c="dimmed" visibleFrom="sm">
        {t.inbox.keys}
      </Text>
    </Page>
  );
}

/** Of one app only, by the person's consents. */
function AppFilter({ appId, choose }: { appId: string; choose: (appId: string) => void }) {
  const { t } = useTexts();
  const bindings = useQuery(bindingsQuery);
  const apps = new Map(bindings.data?.items.map(({ app }) => [app.id, app.name]));
  if (apps.size < 2) return null;
  return (
    <NativeSelect
      label={t.inbox.from}
      maw={180}
      value={appId}
      data={[{ value: '', label: t.inbox.everyApp }, ...[...apps].map(([value, label]) => ({ value, label }))]}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
