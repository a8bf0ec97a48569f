import { Badge, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

/** 我的投诉: what one complained about and what came of it. */
export function ComplaintsPage() {
  const { t } = useTexts();
  const complaints = useQuery({
    queryKey: ['complaints'],
    queryFn: () => answered(api.GET('/v1/complaints', { params: { query: { limit: 200 } } })),
  });
  return (
    <Page title={t.places['/complaints']}>
      <Loaded of={complaints}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t.complaints.none}</Text>
          ) : (
            <Stack gap="xs">
              {items.map(({ id, status, reason, note, complainedAt, decidedAt, appeal, inboxItemId }) => (
                <Paper key={id} withBorder p="md">
                  <Group>
                    <Badge variant="outline">{t.complaints.statuses[status]}</Badge>
                    <Text>{t.complain.reasons[reason]}</Text>
                    <Text size="sm">
                      <When at={complainedAt} />
                    </Text>
                  </Group>
                  {note !== undefined && <Text>{note}</Text>}
                  {decidedAt !== undefined && (
                    <Text size="sm">
                      {t.complaints.decided} <When at={decidedAt} />
                    </Text>
                  )}
                  {appeal && (
                    <Text size="sm">
                      {t.complaints.appeals[appeal.status]} <When at={appeal.decidedAt ?? appeal.appealedAt} />
                    </Text>
                  )}
                  <Link to="/inbox/$inboxItemId" params={{ inboxItemId }}>
                    {t.complaints.message}
                  </Link>
                </Paper>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}
