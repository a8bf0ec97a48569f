import { Paper, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../api/client';
import { When } from '../shared/when';
import { useOpsTexts } from './use-ops-texts';

type Appeal = NonNullable<Schemas['ComplaintCase']['appeal']>;

/** What the penalised owner says, and what granting it would leave of their standing. */
export function OwnersAppeal({ appeal: { note, appealedAt, ifGranted } }: { appeal: Appeal }) {
  const { t, o } = useOpsTexts();
  return (
    <Paper withBorder p="md" component="section" aria-label={o.appeals.appeal}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {o.appeals.appeal}
        </Title>
        <Text size="sm">
          {t.appeal.made} <When at={appealedAt} />
        </Text>
        <Text className="words">{note ?? o.queue.gone}</Text>
        {ifGranted && (
          <Text size="sm">
            {o.appeals.ifGranted} {t.developer.standing(ifGranted.points, t.standings[ifGranted.status])}
            {ifGranted.until !== undefined && (
              <>
                {' '}
                {t.standing.until} <When at={ifGranted.until} />
              </>
            )}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
