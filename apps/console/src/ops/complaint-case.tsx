import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Schemas } from '../api/client';
import { StandingHistory } from '../developer/standing-history';
import { Markdown } from '../inbox/markdown';
import { useFormat } from '../inbox/use-format';
import { When } from '../shared/when';
import { CaseHistory } from './case-history';
import { LongText } from './long-text';
import { OwnersAppeal } from './owners-appeal';
import { PushTexts } from './push-texts';
import { Reinstate } from './reinstate';
import { useOpsTexts } from './use-ops-texts';

/** A complaint beside the push as it was shown, and what its app's owner was penalised for before. */
export function ComplaintCase({ complaint }: { complaint: Schemas['ComplaintCase'] }) {
  const { t, o } = useOpsTexts();
  const { id, appId, appName, ownerId, status, reason, note, complainedAt, evidence, history, appeal } = complaint;
  return (
    <div className="beside" data-case={id}>
      <Paper withBorder p="md" component="section" aria-label={o.complaints.push}>
        <Stack gap="sm">
          <Title order={2} size="h4" className="words">
            {appName}
          </Title>
          {evidence ? <Evidence evidence={evidence} /> : <Text>{o.queue.gone}</Text>}
        </Stack>
      </Paper>
      <Stack gap="md">
        {appeal && <OwnersAppeal appeal={appeal} />}
        <Paper withBorder p="md" component="section" aria-label={o.complaints.complaint}>
          <Stack gap="sm">
            <Group>
              <Title order={2} size="h4">
                {t.complain.reasons[reason]}
              </Title>
              <Badge variant="outline">{t.complaints.statuses[status]}</Badge>
              <Text size="sm">
                <When at={complainedAt} />
              </Text>
            </Group>
            {note !== undefined && (
              <LongText label={o.complaints.note}>
                <Text className="words">{note}</Text>
              </LongText>
            )}
            <CaseHistory history={history} />
          </Stack>
        </Paper>
        <Paper withBorder p="md" component="section" aria-label={o.complaints.app}>
          <Stack gap="sm">
            <Title order={2} size="h4">
              {o.complaints.app}
            </Title>
            <Text size="sm" className="words">
              {o.complaints.owner} {ownerId}
            </Text>
            <StandingHistory appId={appId} />
            <Reinstate appId={appId} />
          </Stack>
        </Paper>
      </Stack>
    </div>
  );
}

function Evidence({ evidence }: { evidence: NonNullable<Schemas['ComplaintCase']['evidence']> }) {
  const { o } = useOpsTexts();
  const { pushedAt, sentBy, appKnowsKey, ...content } = evidence;
  const format = useFormat(content.markdown);
  return (
    <>
      <Text size="sm">
        {o.complaints.pushed} <When at={pushedAt} />
      </Text>
      {sentBy !== undefined && (
        <Text size="sm">{o.complaints.sentBy[sentBy === 'key' && appKnowsKey ? 'keyTheAppKnows' : sentBy]}</Text>
      )}
      <LongText label={o.held.text}>
        {content.markdown !== undefined && (
          // As people saw it, but no link of it leads an operator anywhere; below it is as text.
          <div inert>
            <Markdown text={content.markdown} format={format} showsPictures={false} />
          </div>
        )}
        <PushTexts content={content} />
      </LongText>
    </>
  );
}
