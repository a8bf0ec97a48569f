import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';
import { queries } from '../api/queries';
import { Loaded } from '../shared/loaded';
import { Press } from '../shared/press';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

/** As many as are shown. */
const callsMax = 50;
/** An answer to a test shows within seconds. */
const callsEveryMs = 3_000;

/** Sends a test, and shows the last calls with what the app's server answered. */
export function Callbacks({ app: { id: appId, callbackUrl } }: { app: Schemas['App'] }) {
  const { t } = useTexts();
  const path = { path: { appId } };
  const calls = useQuery({
    queryKey: ['callbacks', appId],
    queryFn: () => answered(api.GET('/v1/apps/{appId}/callbacks', { params: { ...path, query: { limit: callsMax } } })),
    // An app that is being deleted has none any more.
    refetchInterval: () => queries.isMutating({ mutationKey: ['app-end', appId] }) === 0 && callsEveryMs,
  });
  return (
    <Stack gap="xs">
      <Group>
        <Title order={3} size="h5">
          {t.callbacks.title}
        </Title>
        {callbackUrl !== undefined && (
          <Press
            variant="default"
            size="compact-sm"
            changes={['callbacks']}
            act={() => answered(api.POST('/v1/apps/{appId}/callbacks/test', { params: path }))}
          >
            {t.callbacks.test}
          </Press>
        )}
      </Group>
      <Loaded of={calls}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm">{t.callbacks.none}</Text>
          ) : (
            <ul className="calls">
              {items.map(({ id, type, status, tries, retryAt, happenedAt }) => (
                <li key={id}>
                  <Group gap="xs">
                    <code>{type}</code>
                    <Badge variant="default">{t.callbacks.statuses[status]}</Badge>
                    <Text size="sm">
                      <When at={happenedAt} />
                    </Text>
                  </Group>
                  {tries.map((one) => (
                    <Text key={one.at} size="sm">
                      <When at={one.at} />:{' '}
                      {one.status === undefined ? t.callbacks.noAnswer : t.callbacks.answered(one.status)} {one.reason}
                    </Text>
                  ))}
                  {retryAt !== undefined && (
                    <Text size="sm">
                      {t.callbacks.retry} <When at={retryAt} />
                    </Text>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Stack>
  );
}
