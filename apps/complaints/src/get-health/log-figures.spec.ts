import type { RecordedEvent } from '@hark/eventstore';
import { logFigures } from './log-figures';

const now = '2026-11-28T09:00:10.000Z';
const event = (type: string, data: object = {}, recordedAt = '2026-11-28T09:00:05.000Z') =>
  ({ event: { type, data }, recordedAt }) as unknown as RecordedEvent;

describe('the figures of the latest events', () => {
  it('are nothing of nothing', () =>
    expect(logFigures([], now)).toEqual({
      events: { since: now, count: 0, perSecond: 0, types: [] },
      providers: [],
    }));

  it('count types, the most frequent first, over the time since the oldest', () =>
    expect(logFigures([event('a.b'), event('c.d'), event('c.d', {}, '2026-11-28T09:00:00.000Z')], now).events).toEqual({
      since: '2026-11-28T09:00:00.000Z',
      count: 3,
      perSecond: 0.3,
      types: [
        { type: 'c.d', count: 2 },
        { type: 'a.b', count: 1 },
      ],
    }));

  it('tell how tries at each provider ended, and not what the hub kept back or nobody was asked', () => {
    const bark = { channel: 'bark' };
    const { providers } = logFigures(
      [
        event('delivery.sent', bark),
        event('delivery.failed', { ...bark, reason: 'redirected' }),
        event('delivery.failed', { ...bark, reason: 'busy' }),
        event('delivery.unknown', bark),
        event('delivery.suppressed', bark),
        event('delivery.deferred', bark),
        event('delivery.sent', { channel: 'email' }),
        event('moderation.passed', { wechat: 'off' }),
        event('moderation.passed', { wechat: 'not-judged' }),
        event('moderation.passed', { wechat: 'pass' }),
        event('moderation.held', { wechat: 'unavailable' }),
      ],
      now,
    );
    expect(providers).toEqual([
      { provider: 'bark', tries: 3, failed: 2, errorRate: 2 / 3 },
      { provider: 'email', tries: 1, failed: 0, errorRate: 0 },
      { provider: 'msgSecCheck', tries: 2, failed: 1, errorRate: 0.5 },
    ]);
  });
});
