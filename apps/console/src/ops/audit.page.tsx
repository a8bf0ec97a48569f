import { Button, Group, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answered, api } from '../api/client';
import { Failure } from '../shared/failure';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { EventFacts } from './event-facts';
import { notByItself } from './not-by-itself';
import { useOpsTexts } from './use-ops-texts';

const by = ['stream', 'actor', 'type', 'correlation'] as const;
/** What is searched for, as it was typed; empty: everything. */
type Search = Readonly<Record<(typeof by)[number] | 'since', string>>;

const everything: Search = { stream: '', actor: '', type: '', correlation: '', since: '' };

/**
 * What happened, newest first, or of one stream in its order: the events themselves, personal fields masked. A look is an event
 * too, so nothing is read before somebody asks, and nothing by itself again.
 */
export function AuditPage() {
  const { o } = useOpsTexts();
  const [typed, setTyped] = useState(everything);
  const [asked, setAsked] = useState<{ search: Search; round: number }>();
  const found = useInfiniteQuery({
    queryKey: ['audit', asked],
    queryFn: ({ pageParam }) => read(asked!.search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: asked !== undefined,
    ...notByItself,
  });
  const ask = (search: Search) => {
    setTyped(search);
    setAsked({ search, round: (asked?.round ?? 0) + 1 });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(typed);
  };
  return (
    <Page title={o.places['/ops/audit']}>
      <Text size="sm">{o.audit.what}</Text>
      <Group component="form" onSubmit={submit} align="flex-end" role="search">
        {by.map((field) => (
          <TextInput
            key={field}
            label={o.audit.by[field]}
            autoComplete="off"
            flex={1}
            miw={200}
            value={typed[field]}
            onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })}
          />
        ))}
        <TextInput
          type="datetime-local"
          label={o.audit.since}
          value={typed.since}
          onChange={(event) => setTyped({ ...typed, since: event.currentTarget.value })}
        />
        <Button type="submit">{o.audit.ask}</Button>
      </Group>
      {asked && (
        <Loaded of={found}>
          {({ pages }) => {
            const events = pages.flatMap(({ items }) => items);
            return (
              <>
                {events.length === 0 && <Text>{found.hasNextPage ? o.audit.noneYet : o.audit.none}</Text>}
                <ol className="calls">
                  {events.map((event) => (
                    <li key={event.id}>
                      <EventFacts event={event} search={(one) => ask({ ...everything, ...one })} />
                    </li>
                  ))}
                </ol>
              </>
            );
          }}
        </Loaded>
      )}
      {found.isFetchNextPageError && <Failure error={found.error} />}
      {found.hasNextPage && (
        <div>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {o.audit.further}
          </Button>
        </div>
      )}
    </Page>
  );
}

function read({ since, ...search }: Search, cursor: string | null) {
  const named = Object.entries(search).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]]));
  const query = {
    limit: 50,
    ...(search.stream.trim() !== '' && { order: 'oldest' as const }),
    ...(Object.fromEntries(named) as Partial<Omit<Search, 'since'>>),
    ...(since !== '' && { since: new Date(since).toISOString() }),
    ...(cursor !== null && { cursor }),
  };
  return answered(api.GET('/v1/ops/audit', { params: { query } }));
}
