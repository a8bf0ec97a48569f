import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../api/client';
import { chartBegins, countByDay } from '../shared/count-by-day';
import { DayBars } from '../shared/day-bars';
import { Loaded } from '../shared/loaded';
import { useTexts } from '../texts/use-texts';
import { KeyUse } from './key-use';

const pageItems = 200;
/** Of an app that sends more, the newest thousand are counted, and the chart says so. */
const pagesMax = 5;

/** How much an app sent in thirty days, and when it last used its key: read when somebody looks. */
export function Sent({ appId, bindingId }: { appId: string; bindingId: string }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t.apps.sent}</summary>
      {open && <Month appId={appId} />}
      {open && <KeyUse bindingId={bindingId} />}
    </details>
  );
}

function Month({ appId }: { appId: string }) {
  const { t } = useTexts();
  const sent = useQuery({ queryKey: ['sent', appId], queryFn: () => month(appId), staleTime: 60_000 });
  return (
    <Loaded of={sent}>
      {({ times, isWhole }) => (
        <>
          <DayBars
            days={countByDay(
              times.map((at) => ({ at, name: 'sent' })),
              new Date(),
            )}
            parts={[{ name: 'sent', label: t.apps.messages, color: 'var(--mantine-primary-color-filled)' }]}
            label={t.apps.sent}
          />
          {!isWhole && <Text size="sm">{t.pushes.chartNewest(pagesMax * pageItems)}</Text>}
        </>
      )}
    </Loaded>
  );
}

/** When its messages came, those that were put away too: the inbox and the archive are two lists. */
async function month(appId: string): Promise<{ times: string[]; isWhole: boolean }> {
  const since = chartBegins(new Date()).toISOString();
  const lists = await Promise.all([read(appId, since, false), read(appId, since, true)]);
  return { times: lists.flatMap(({ times }) => times), isWhole: lists.every(({ isWhole }) => isWhole) };
}

async function read(appId: string, since: string, archived: boolean): Promise<{ times: string[]; isWhole: boolean }> {
  const times: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const query: { appId: string; limit: number; cursor?: string; archived?: 'true' } = {
      appId,
      limit: pageItems,
      ...(cursor !== null && { cursor }),
      ...(archived && { archived: 'true' }),
    };
    const page: Schemas['InboxPage'] = await answered(api.GET('/v1/inbox', { params: { query } }));
    times.push(...page.items.map(({ receivedAt }) => receivedAt).filter((at) => at >= since));
    cursor = page.nextCursor;
    if (cursor === null || (page.items.at(-1)?.receivedAt ?? '') < since) return { times, isWhole: true };
  }
  return { times, isWhole: false };
}
