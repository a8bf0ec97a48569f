import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answered, api, type Schemas } from '../api/client';
import { StandingHistory } from '../developer/standing-history';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Part } from '../shared/part';
import { usePathId } from '../shared/use-path-id';
import { When } from '../shared/when';
import { FoundApps } from './app-search.page';
import { Figures } from './figures';
import { PointsChart } from './points-chart';
import { Reinstate } from './reinstate';
import { latest } from './stream.page';
import { useOpsTexts, wordFor } from './use-ops-texts';

/** An app as operators look at it: whose it is, how it stands and came to it, how it is complained about, what it sent last. */
export function AppCasePage() {
  const { o } = useOpsTexts();
  const appId = usePathId(3);
  const shown = useQuery({
    queryKey: ['ops-app', appId],
    queryFn: () => answered(api.GET('/v1/ops/apps/{appId}', { params: { path: { appId } } })),
  });
  return (
    <Page title={shown.data?.app.name ?? o.app.title}>
      <Text size="sm">
        <Link to="/ops/apps">{o.app.back}</Link>
      </Text>
      <Loaded of={shown}>{(told) => <Case told={told} />}</Loaded>
    </Page>
  );
}

function Case({ told }: { told: Schemas['AppCase'] }) {
  const { o } = useOpsTexts();
  const { app, others, bindings, standing } = told;
  return (
    <Stack gap="md">
      <Whose app={app} />
      <Part title={o.app.standing}>
        <PointsChart history={standing.history} points={standing.points} />
        <StandingHistory appId={app.id} />
        <Reinstate appId={app.id} />
      </Part>
      <Part title={o.app.complaints}>
        <Rate window={told.window} />
        <Complaints complaints={told.complaints} />
      </Part>
      <Part title={o.app.bindings}>
        <Figures
          head={[o.app.binding, o.health.count]}
          rows={(['active', 'unbound', 'blocked'] as const).map((status) => [
            o.app.bindingStatuses[status],
            String(bindings[status]),
          ])}
        />
      </Part>
      <Part title={o.app.pushes}>
        <Text size="sm">{o.app.noText}</Text>
        <Pushes pushes={told.pushes} />
      </Part>
      <Part title={o.app.others}>
        <FoundApps apps={others} />
      </Part>
    </Stack>
  );
}

function Whose({ app }: { app: Schemas['AppCase']['app'] }) {
  const { t, o } = useOpsTexts();
  const { id, ownerId, verified, deleted, registeredAt, homepage, wechatAppId } = app;
  return (
    <Part title={o.app.title}>
      <Group gap="xs">
        <Badge variant="outline">{verified ? t.verified : o.app.notVerified}</Badge>
        {deleted && (
          <Badge variant="outline" color="red.9">
            {o.app.deleted}
          </Badge>
        )}
        <Text size="sm">
          {o.app.registered} <When at={registeredAt} />
        </Text>
      </Group>
      <Text size="sm" className="words">
        {t.app.id} {id}
      </Text>
      <Text size="sm" className="words">
        {o.complaints.owner} {ownerId ?? o.app.nobody}
      </Text>
      {/* As text: no link leads an operator to where an app wants people. */}
      {homepage !== undefined && (
        <Text size="sm" className="words">
          {o.app.homepage} {homepage}
        </Text>
      )}
      {wechatAppId !== undefined && (
        <Text size="sm" className="words">
          {o.app.wechatAppId} {wechatAppId}
        </Text>
      )}
      <Group gap="md">
        <StreamLink stream={`app-${id}`} words={o.app.events} />
        {ownerId !== null && <StreamLink stream={`standing-${ownerId}`} words={o.app.standingEvents} />}
      </Group>
    </Part>
  );
}

/** To what a stream adds up to now. */
function StreamLink({ stream, words }: { stream: string; words: string }) {
  return (
    <Link to="/ops/streams/$stream/$revision" params={{ stream, revision: latest }}>
      {words}
    </Link>
  );
}

/** Complainants of the window per recipient, with how sure that is. */
function Rate({ window }: { window: Schemas['AppCase']['window'] }) {
  const { o } = useOpsTexts();
  const { rate, recipients, pushes, complaints, complainants } = window;
  return (
    <>
      <Text>
        {rate === undefined ? o.app.noRate : o.app.rate(percent(rate.share), percent(rate.low), percent(rate.high))}
      </Text>
      <Text size="sm">{o.app.window(complainants, complaints, recipients, pushes)}</Text>
    </>
  );
}

/** Small shares are told apart: 0.25 % and 0.3 % are not the same. */
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

function Complaints({ complaints }: { complaints: Schemas['AppCase']['complaints'] }) {
  const { t, o } = useOpsTexts();
  if (complaints.length === 0) return <Text size="sm">{o.nothing}</Text>;
  return (
    <ul className="calls">
      {complaints.map(({ id, reason, status, severity, appeal, complainedAt }) => (
        <li key={id}>
          <Text size="sm">
            <When at={complainedAt} /> · {t.complain.reasons[reason]} · {t.complaints.statuses[status]}
            {severity !== undefined && ` · ${t.standing.severities[severity]}`}
            {appeal !== undefined && ` · ${t.appeal.statuses[appeal]}`}
          </Text>
          <StreamLink stream={`complaint-${id}`} words={o.app.complaintEvents} />
        </li>
      ))}
    </ul>
  );
}

function Pushes({ pushes }: { pushes: Schemas['AppCase']['pushes'] }) {
  const { t, o } = useOpsTexts();
  if (pushes.length === 0) return <Text size="sm">{o.nothing}</Text>;
  return (
    <ul className="calls">
      {pushes.map(({ id, status, reason, reasonText = reason, pushedAt }) => (
        <li key={id}>
          <Text size="sm" className="words">
            <When at={pushedAt} /> · {wordFor(t.pushes.statuses, status)}
            {reasonText !== undefined && ` · ${reasonText}`}
          </Text>
          <Group gap="md">
            <StreamLink stream={`message-${id}`} words={o.app.pushEvents} />
            <StreamLink stream={`delivery-${id}`} words={o.app.deliveryEvents} />
          </Group>
        </li>
      ))}
    </ul>
  );
}
