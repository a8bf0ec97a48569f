import { Button, CopyButton, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, api } from '../api/client';
import { readAnew } from '../api/queries';
import { Failure } from '../shared/failure';
import { useTexts } from '../texts/use-texts';
import { keepAppSecret } from './app-secret';
import { pushSnippets, type SnippetName } from './push-snippets';

/** An app's name for the person who tries it out on themselves. */
const openid = 'me';
/** How often it is looked whether the push has arrived. */
const lookEveryMs = 700;

/**
 * First push in one minute: binds one's own account to an app of one's own, shows the line, and the push arriving. `tried` is told
 * when there is a key, which is shown this once.
 */
export function FirstPush({ tried }: { readonly tried?: () => void }) {
  const { t } = useTexts();
  const [snippet, setSnippet] = useState<SnippetName>('curl');
  const bound = useMutation({
    mutationFn: () => bindMyself(t.firstPush.appName),
    onSuccess: () => {
      tried?.();
      return readAnew('apps', 'bindings');
    },
  });
  const key = bound.data?.key;
  const pushed = useMutation({
    mutationFn: () =>
      answered(
        api.POST('/v1/pushes', {
          headers: { authorization: `Bearer ${key}` },
          body: { title: t.firstPush.pushTitle, body: t.firstPush.pushBody },
        }),
      ),
    onSuccess: () => readAnew('inbox'),
  });
  const snippets = pushSnippets(location.origin, key ?? '', t.firstPush.pushTitle, t.firstPush.pushBody);
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="first-push">
      <Stack gap="sm">
        <Title order={2} size="h4" id="first-push">
          {t.firstPush.title}
        </Title>
        <Text size="sm">{t.firstPush.how}</Text>
        {key === undefined ? (
          <div>
            <Button loading={bound.isPending} onClick={() => bound.mutate()}>
              {t.firstPush.allow}
            </Button>
          </div>
        ) : (
          <>
            <Text size="sm">{t.firstPush.keyOnce}</Text>
            <NativeSelect
              label={t.firstPush.with}
              value={snippet}
              data={Object.keys(snippets)}
              onChange={(event) => setSnippet(event.currentTarget.value as SnippetName)}
            />
            <pre className="line" tabIndex={0} aria-label={t.firstPush.line}>
              {snippets[snippet]}
            </pre>
            <Group>
              <Button loading={pushed.isPending} onClick={() => pushed.mutate()}>
                {t.firstPush.send}
              </Button>
              <CopyButton value={snippets[snippet]}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy}>
                    {copied ? t.copied : t.copy}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </>
        )}
        {(bound.isError || pushed.isError) && <Failure error={pushed.error ?? bound.error} />}
        {bound.data && <Arriving appId={bound.data.binding.app.id} />}
      </Stack>
    </Paper>
  );
}

/** What has arrived of this app, as it arrives. */
function Arriving({ appId }: { appId: string }) {
  const { t } = useTexts();
  const arrived = useQuery({
    queryKey: ['inbox', 'arriving', appId],
    queryFn: () => answered(api.GET('/v1/inbox', { params: { query: { appId, limit: 5 } } })),
    refetchInterval: lookEveryMs,
  });
  const items = arrived.data?.items ?? [];
  return (
    <Stack gap="xs" aria-live="polite">
      <Text fw={600}>{items.length === 0 ? t.firstPush.waiting : t.firstPush.arrived}</Text>
      {items.map((item) => (
        <Link key={item.id} to="/inbox/$inboxItemId" params={{ inboxItemId: item.id }} className="words">
          {item.title ?? item.body}
        </Link>
      ))}
    </Stack>
  );
}

/** An own app (the first there is, or a new one) bound to oneself; the key is shown this once. */
async function bindMyself(name: string) {
  const { items } = await answered(api.GET('/v1/apps', { params: { query: { limit: 1 } } }));
  const registered = items[0] ? undefined : await answered(api.POST('/v1/apps', { body: { name } }));
  const { id } = items[0] ?? registered!.app;
  const bound = await answered(api.POST('/v1/bindings', { body: { appId: id, openid } }));
  keepAppSecret(id, registered?.secret ?? bound.key);
  return bound;
}
