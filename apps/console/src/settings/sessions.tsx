import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Press } from '../shared/press';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

/** Where one is logged in. */
export function Sessions() {
  const { t } = useTexts();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => answered(api.GET('/v1/sessions', { params: { query: { limit: 200 } } })),
  });
  return (
    <Stack gap="xs" component="section" aria-labelledby="sessions">
      <Title order={2} size="h4" id="sessions">
        {t.sessions.title}
      </Title>
      <Loaded of={sessions}>
        {({ items }) => (
          <Stack gap="xs">
            {items.map(({ id, current, device, place, lastUsedAt, provider }) => (
              <Paper key={id} withBorder p="sm">
                <Group justify="space-between">
                  <div>
                    <Text fw={600}>{device ?? t.device.unknownBrowser}</Text>
                    <Text size="sm">
                      {t.sessions.providers[provider]} {place !== undefined && t.device.from(place)} ·{' '}
                      <When at={lastUsedAt} />
                    </Text>
                  </div>
                  {current ? (
                    <Badge>{t.sessions.current}</Badge>
                  ) : (
                    <Press
                      variant="default"
                      size="compact-sm"
                      changes={['sessions']}
                      act={() =>
                        answered(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId: id } } }))
                      }
                    >
                      {t.sessions.end}
                    </Press>
                  )}
                </Group>
              </Paper>
            ))}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}
