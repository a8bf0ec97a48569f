import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../api/client';
import { When } from '../shared/when';
import { CaseHistory } from './case-history';
import { LongText } from './long-text';
import { PushTexts } from './push-texts';
import { useOpsTexts, wordFor } from './use-ops-texts';

/** The text as it is written, and beside it what held it. */
export function HeldText({ held }: { held: Schemas['HeldText'] }) {
  const { o } = useOpsTexts();
  const { pushId, appId: _, appName, status, label, matched, excerpts, edition, heldAt, history, ...content } = held;
  return (
    <div className="beside" data-case={pushId}>
      <Paper withBorder p="md" component="section" aria-label={o.held.text}>
        <Stack gap="sm">
          <Group>
            <Title order={2} size="h4" className="words">
              {appName}
            </Title>
            <Badge variant="outline">{o.held.statuses[status]}</Badge>
          </Group>
          <Text size="sm">
            {o.held.since} <When at={heldAt} />
          </Text>
          {edition !== undefined && <Text size="sm">{o.held.edition(edition)}</Text>}
          {content.body === undefined ? (
            <Text>{o.queue.gone}</Text>
          ) : (
            <LongText label={o.held.text}>
              <PushTexts content={content} found={excerpts} />
            </LongText>
          )}
        </Stack>
      </Paper>
      <Paper withBorder p="md" component="section" aria-label={o.held.why}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {o.held.why}
          </Title>
          <Text fw={600}>{wordFor(o.held.labels, label)}</Text>
          <Found title={o.held.found} parts={matched} />
          <Found title={o.held.asWritten} parts={excerpts} />
          {matched === undefined && content.body !== undefined && <Text size="sm">{o.held.notFound}</Text>}
          <CaseHistory history={history} />
        </Stack>
      </Paper>
    </div>
  );
}

function Found({ title, parts }: { title: string; parts: readonly string[] | undefined }) {
  if (parts === undefined || parts.length === 0) return null;
  return (
    <div>
      <Text size="sm" c="dimmed">
        {title}
      </Text>
      <Text className="words">
        {parts.map((part, at) => (
          <span key={at}>
            {at > 0 && ' · '}
            <mark>{part}</mark>
          </span>
        ))}
      </Text>
    </div>
  );
}
