import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/client';
import { chartBegins, countByDay } from '../shared/count-by-day';
import { DayBars } from '../shared/day-bars';
import { Loaded } from '../shared/loaded';
import { useTexts } from '../texts/use-texts';
import { asApp } from './app-secret';
import { type PushOutcome, pushOutcome } from './push-outcome';

const pageItems = 200;
/** Of a busier app the newest 4 000 pushes are counted, and the chart says so. */
const pagesMax = 20;

const colors: Readonly<Record<PushOutcome | 'complained', string>> = {
  delivered: '#0a6b4f',
  'inbox-only': '#69bb95',
  underway: '#adb5bd',
  blocked: '#e8590c',
  failed: '#c92a2a',
  complained: '#862e9c',
};

/** What became of a month's pushes, day by day: delivered, in the inbox only, blocked; and the complaints that were upheld. */
export function PushChart({ appId, secret }: { appId: string; secret: string }) {
  const { t } = useTexts();
  const counted = useQuery({
    queryKey: ['push-chart', appId, secret],
    queryFn: () => month(appId, secret),
    staleTime: 60_000,
  });
  return (
    <Loaded of={counted}>
      {({ happened, isWhole }) => (
        <>
          <DayBars
            days={countByDay(happened, new Date())}
            parts={(Object.keys(colors) as (keyof typeof colors)[]).map((name) => ({
              name,
              label: t.pushes.outcomes[name],
              color: colors[name],
            }))}
            label={t.pushes.chart}
          />
          {!isWhole && <Text size="sm">{t.pushes.chartNewest(pagesMax * pageItems)}</Text>}
        </>
      )}
    </Loaded>
  );
}

async function month(appId: string, secret: string) {
  const since = chartBegins(new Date()).toISOString();
  const pushes: Schemas['PushSummary'][] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const query: { limit: number; since: string; cursor?: string } = {
      limit: pageItems,
      since,
      ...(cursor !== null && { cursor }),
    };
    const page: Schemas['PushPage'] = await answered(api.GET('/v1/pushes', { ...asApp(secret), params: { query } }));
    pushes.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  const { history } = await answered(api.GET('/v1/apps/{appId}/standing', { params: { path: { appId } } }));
  return {
    isWhole: cursor === null,
    happened: [
      ...pushes.map(({ pushedAt, status }) => ({ at: pushedAt, name: pushOutcome(status) })),
      ...history
        .filter(({ event }) => event === 'standing.penalized')
        .map(({ at }) => ({ at, name: 'complained' as const })),
    ],
  };
}
