import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { Part } from '../shared/part';
import { When } from '../shared/when';
import { durationText } from './duration-text';
import { Figures } from './figures';
import { ParkedList } from './parked-list';
import { useOpsTexts, wordFor } from './use-ops-texts';

type Health = Schemas['HubHealth'];

const readEveryMs = 10_000;
/** A table or group that is further behind is named among the troubles. */
const lateSeconds = 30;

/** 系统状况: first what needs somebody, then every figure. Read anew every ten seconds while it is looked at. */
export function HealthPage() {
  const { o } = useOpsTexts();
  const health = useQuery({
    queryKey: ['ops-health'],
    queryFn: () => answered(api.GET('/v1/ops/health')),
    refetchInterval: readEveryMs,
  });
  return (
    <Page title={o.places['/ops/health']}>
      <Loaded of={health}>{(told) => <Told health={told} />}</Loaded>
    </Page>
  );
}

function Told({ health }: { health: Health }) {
  const { o, language } = useOpsTexts();
  const words = o.health;
  const { services, events, providers } = health;
  const troubles = useTroubles(health);
  const groups = services.flatMap((service) => service.groups ?? []);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {words.readAt} <When at={health.at} />
      </Text>
      {troubles.length === 0 ? (
        <Text role="status">{words.well}</Text>
      ) : (
        <Alert color="red" variant="outline" title={words.troubles}>
          {troubles.map((trouble) => (
            <Text key={trouble}>{trouble}</Text>
          ))}
        </Alert>
      )}
      <Part title={words.parked}>
        <ParkedList groups={groups.filter(({ parked }) => parked > 0)} />
      </Part>
      <Part title={words.waiting}>
        <Figures
          head={[words.queue, words.count, words.oldest]}
          rows={services
            .flatMap(({ service, queues = [] }) => queues.map((queue) => ({ service, ...queue })))
            .map(({ service, queue, waiting, oldestSeconds }) => [
              queue === 'due' ? `${words.queues.due} (${service})` : wordFor(words.queues, queue),
              number.format(waiting),
              durationText(oldestSeconds, language),
            ])}
        />
      </Part>
      <Part title={words.providers}>
        <Figures
          head={[words.provider, words.tries, words.failed, words.errorRate]}
          rows={providers.map(({ provider, tries, failed, errorRate }) => [
            provider,
            number.format(tries),
            number.format(failed),
            percent.format(errorRate),
          ])}
        />
      </Part>
      <Part title={words.events}>
        <Text size="sm">
          {words.rate(number.format(events.perSecond), number.format(events.count))} <When at={events.since} />
        </Text>
        <Figures
          head={[words.type, words.count]}
          rows={events.types.map(({ type, count }) => [type, number.format(count)])}
        />
      </Part>
      <Part title={words.groups}>
        <Figures
          head={[words.group, words.readers, words.count, words.lag]}
          rows={groups.map(({ group, readers, waiting, lagSeconds }) => [
            group,
            number.format(readers),
            number.format(waiting),
            durationText(lagSeconds, language),
          ])}
        />
      </Part>
      <Part title={words.tables}>
        <Figures
          head={[words.table, words.lag]}
          rows={services
            .flatMap(({ tables = [] }) => tables)
            .map(({ table, lagSeconds }) => [table, durationText(lagSeconds, language)])}
        />
      </Part>
    </Stack>
  );
}

/** What needs somebody, in words. */
function useTroubles({ silent, services }: Health): string[] {
  const { silent: isSilent, away, refusing, late, nobody, given } = useOpsTexts().o.health.trouble;
  const ofService = ({ service, ...its }: Health['services'][number]) => [
    ...its.away.map((store) => away(service, store)),
    ...its.refusing.map((channel) => refusing(channel)),
    ...(its.tables ?? []).filter(({ lagSeconds }) => lagSeconds > lateSeconds).map(({ table }) => late(table)),
    ...(its.groups ?? []).flatMap(({ group, parked, readers, lagSeconds }) => [
      ...(readers === 0 ? [nobody(group)] : []),
      ...(lagSeconds > lateSeconds ? [late(group)] : []),
      ...(parked > 0 ? [given(group, parked)] : []),
    ]),
  ];
  return [...silent.map(isSilent), ...services.flatMap(ofService)];
}
