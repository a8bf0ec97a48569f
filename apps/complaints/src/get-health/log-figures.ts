import type { HubHealth } from '@hark/contracts';
import type { RecordedEvent } from '@hark/eventstore';
import type { IsoTime } from '@hark/kernel';

/** The most types that are told. */
const typesMax = 30;
const msPerSecond = 1_000;

/** How many events come, of which types, and how tries at providers end, of the log's latest events (newest first). */
export function logFigures(latest: readonly RecordedEvent[], now: IsoTime): Pick<HubHealth, 'events' | 'providers'> {
  const types = new Map<string, number>();
  const providers = new Map<string, { tries: number; failed: number }>();
  for (const { event } of latest) {
    types.set(event.type, (types.get(event.type) ?? 0) + 1);
    const end = endOfTry(event);
    if (!end) continue;
    const { tries, failed } = providers.get(end.provider) ?? { tries: 0, failed: 0 };
    providers.set(end.provider, { tries: tries + 1, failed: failed + Number(end.failed) });
  }
  const since = latest.at(-1)?.recordedAt ?? now;
  const seconds = Math.max(1, (Date.parse(now) - Date.parse(since)) / msPerSecond);
  return {
    events: {
      since,
      count: latest.length,
      perSecond: latest.length / seconds,
      types: [...types]
        .map(([type, count]) => ({ type, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, typesMax),
    },
    providers: [...providers]
      .map(([provider, { tries, failed }]) => ({ provider, tries, failed, errorRate: failed / tries }))
      .sort((a, b) => (a.provider < b.provider ? -1 : 1)),
  };
}

/** What an event says of a provider: undefined where none was asked. */
function endOfTry({ type, data }: RecordedEvent['event']): { provider: string; failed: boolean } | undefined {
  const { channel, reason, wechat } = data as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'delivery.sent':
      return { provider: String(channel), failed: false };
    case 'delivery.failed':
      // `busy`: the hub itself had too much to do, and nothing left.
      return reason === 'busy' ? undefined : { provider: String(channel), failed: true };
    case 'delivery.unknown':
      return { provider: String(channel), failed: true };
    case 'moderation.passed':
    case 'moderation.held':
    case 'moderation.blocked':
      return wechat === 'off' || wechat === 'not-judged'
        ? undefined
        : { provider: 'msgSecCheck', failed: wechat === 'unavailable' };
    default:
      return undefined;
  }
}
