import { Badge, Button, Group, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { useOpsTexts } from './use-ops-texts';

/** Apps: the latest ones, or those that are searched for by id, owner or name. Each leads to its page. */
export function AppSearchPage() {
  const { t, o } = useOpsTexts();
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const found = useInfiniteQuery({
    queryKey: ['ops-apps', search],
    queryFn: ({ pageParam }) => {
      const query = { limit: 50, ...(search !== '' && { search }), ...(pageParam !== null && { cursor: pageParam }) };
      return answered(api.GET('/v1/ops/apps', { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSearch(typed.trim());
  };
  return (
    <Page title={o.places['/ops/apps']}>
      <Group component="form" onSubmit={submit} align="flex-end" role="search">
        <TextInput
          label={o.app.search}
          maxLength={100}
          autoComplete="off"
          flex={1}
          miw={200}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit">{o.app.find}</Button>
      </Group>
      <Loaded of={found}>{({ pages }) => <FoundApps apps={pages.flatMap(({ items }) => items)} />}</Loaded>
      {found.hasNextPage && (
        <div>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </Page>
  );
}

/** Apps in a list: what each is called, whether it is verified, since when, whose it is. */
export function FoundApps({ apps }: { apps: readonly Schemas['FoundApp'][] }) {
  const { t, o } = useOpsTexts();
  if (apps.length === 0) return <Text>{o.app.none}</Text>;
  return (
    <ul className="calls">
      {apps.map(({ id, name, ownerId, verified, deleted, registeredAt }) => (
        <li key={id}>
          <Group gap="xs">
            <Link to="/ops/apps/$appId" params={{ appId: id }} className="words">
              {name}
            </Link>
            <Badge variant="outline">{verified ? t.verified : o.app.notVerified}</Badge>
            {deleted && (
              <Badge variant="outline" color="red.9">
                {o.app.deleted}
              </Badge>
            )}
          </Group>
          <Text size="sm" className="words">
            {o.app.registered} <When at={registeredAt} /> · {o.complaints.owner} {ownerId ?? o.app.nobody}
          </Text>
        </li>
      ))}
    </ul>
  );
}
