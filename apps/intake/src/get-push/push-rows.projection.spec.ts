import { DeliveryEvent, InboxItemEvent, MessageEvent, ModerationEvent, PushedEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { PushEvents } from '../testing/push-events.fixture';
import { pushRows } from './push-rows.projection';

const at = '2026-11-22T09:00:00.000Z';
const life = new PushEvents('2026-11-22T09:00:01.000Z');
const pushed: PushedEvent = {
  type: 'message.pushed',
  data: {
    ...{ appId: 'app', ownerId: 'owner', personId: 'person', bindingId: 'binding', consentId: 'c', bindingRevision: 0 },
    ...{ content: 'v1.person.canary.bb', contentHash: 'h', priority: 'normal', at },
  },
};
/** A line of the timeline, from its end: `delivery.failed bark TRANSIENT`. */
const line = (event: string, more: object = {}) => expect.objectContaining({ event, ...more }) as never;
const attempted = line('delivery.attempted', { channel: 'bark' });
const filedLines = [line('message.pushed'), line('delivery.decided'), line('delivery.filed')];

describe('the row of a push', () => {
  const rows = projectionSpec(pushRows);
  const after = (...events: (MessageEvent | ModerationEvent | DeliveryEvent)[]) =>
    rows.given(stream('p1', pushed), stream('p1', ...events));
  const filed = [life.decided('deliver'), life.filed()] as const;

  it('begins with the push, and holds no text', () => {
    after().thenRows({ push_id: 'p1', app_id: 'app', binding_id: 'binding', status: 'moderating', pushed_at: at });
    expect(JSON.stringify(pushRows.evolve(undefined, { event: pushed, id: 'p1' } as never))).not.toContain('canary');
  });

  it('stays delivered whatever becomes of reminders, and tells of each, but not of what only the hub needs', () => {
    const due = { task: 'remind' as const, number: 1, at };
    const decision = { bindingRevision: 0, standingRevision: -1, muted: true, endpoints: [] };
    after(
      ...filed,
      { type: 'delivery.follow-up-set', data: { ...due, dueAt: at } },
      life.attempted('a1'),
      life.sent('a1'),
      life.finished('delivered'),
      { type: 'delivery.reminded', data: { number: 1, epoch: 1, ...decision, decision: 'deliver', at } },
      life.attempted('a2'),
      life.ended('delivery.failed', 'a2', 'TRANSIENT', true),
      { type: 'delivery.finished', data: { outcome: 'failed', reminder: 1, at } },
      {
        type: 'delivery.reminded',
        data: { number: 2, epoch: 1, ...decision, decision: 'file-only', reason: 'muted', at },
      },
      { type: 'delivery.acknowledged', data: { inboxItemId: 'p1', at } },
      { type: 'delivery.follow-up-dropped', data: { ...due, number: 3, reason: 'acknowledged' } },
    ).thenRows({
      status: 'delivered',
      reason: null,
      timeline: [
        ...filedLines,
        attempted,
        line('delivery.sent'),
        line('delivery.finished'),
        line('delivery.reminded'),
        attempted,
        line('delivery.failed'),
        line('delivery.reminded', { detail: 'muted' }),
        line('delivery.acknowledged'),
      ],
    });
  });

  const sendAt = '2026-11-29T09:00:00.000Z';
  const later: MessageEvent[] = [
    { type: 'message.pushed', data: { ...pushed.data, sendAt } },
    { type: 'message.scheduled', data: { number: 1, sendAt, at } },
  ];
  const fired: MessageEvent = { type: 'message.fired', data: { number: 1, epoch: 1, at: sendAt } };
  const recalled: MessageEvent = { type: 'message.recalled', data: { at: sendAt } };
  const expired: MessageEvent = { type: 'message.expired', data: { epoch: 1, at: sendAt } };
  it.each<[string, Parameters<typeof after>, string, string | null]>([
    ['it waits', [], 'scheduled', null],
    ['it waits with its verdict', [life.passed], 'scheduled', null],
    ['it waits for an operator', [life.judged('moderation.held', 'ads')], 'held', 'moderation.ads'],
    [
      'an operator lets it wait on',
      [life.judged('moderation.held', 'ads'), life.reviewed('moderation.approved')],
      'scheduled',
      null,
    ],
    ['its time has come', [life.passed, fired], 'moderating', null],
    ['it was blocked before', [life.judged('moderation.blocked', 'ads'), fired], 'blocked', 'moderation.ads'],
    ['it was taken back', [life.passed, recalled], 'recalled', null],
    [
      'it was taken back on its way',
      [fired, recalled, life.decided('refuse', 'recalled'), life.finished('suppressed', 'recalled')],
      'recalled',
      null,
    ],
    ['its time is over', [fired, expired], 'expired', null],
    [
      'its time was over before it left',
      [fired, life.decided('refuse', 'expired'), life.finished('suppressed', 'expired')],
      'expired',
      null,
    ],
    [
      'it arrived before its time was over',
      [fired, life.decided('deliver'), life.finished('delivered'), expired],
      'delivered',
      null,
    ],
  ])('says of one with a time that %s', (_, events, status, reason) =>
    rows.given(stream('p1', ...later), stream('p1', ...events)).thenRows({ status: status as never, reason }),
  );

  it('tells the answer of its person, and not whether they read it', () => {
    const answers: InboxItemEvent[] = [
      { type: 'inbox_item.read', data: { at } },
      { type: 'inbox_item.acknowledged', data: { at } },
      { type: 'inbox_item.action-taken', data: { actionId: 'ok', at } },
      { type: 'inbox_item.archived', data: { at } },
    ];
    rows.given(stream('p1', pushed), stream('p1', ...answers)).thenRows({
      status: 'moderating',
      timeline: [
        { event: 'message.pushed', at },
        { event: 'inbox_item.acknowledged', at },
        { event: 'inbox_item.action-taken', at, detail: 'ok' },
      ],
    });
  });

  it('is not made by an event about an unknown push', () => rows.given(stream('p1', life.passed)).thenRows());

  it.each<[string, (ModerationEvent | DeliveryEvent)[], string, string | null]>([
    ['blocked', [life.judged('moderation.blocked', 'fraud')], 'blocked', 'moderation.fraud'],
    ['held', [life.judged('moderation.held', 'ads')], 'held', 'moderation.ads'],
    [
      'rejected',
      [life.judged('moderation.held', 'ads'), life.reviewed('moderation.rejected', 'ads')],
      'blocked',
      'moderation.ads',
    ],
    ['approved', [life.judged('moderation.held', 'ads'), life.reviewed('moderation.approved')], 'moderating', null],
    ['filed', [...filed], 'filed', null],
    ['on its way', [...filed, life.attempted('one')], 'delivering', null],
    ['failed for good', [...filed, life.attempted('one'), life.finished('failed')], 'failed', null],
    ['refused', [life.decided('refuse', 'unbound'), life.finished('suppressed', 'unbound')], 'suppressed', 'unbound'],
    [
      'suppressed later',
      [...filed, life.suppressed('unbound'), life.finished('suppressed', 'unbound')],
      'suppressed',
      'unbound',
    ],
    ...['muted', 'weak', 'no-channel', 'daily-cap', 'app-throttled', 'quiet-hours'].map(
      (reason): [string, DeliveryEvent[], string, string] => [
        `in the inbox only: ${reason}`,
        [life.decided('file-only', reason), life.filed(reason), life.finished('inbox-only', reason)],
        'inbox-only',
        reason,
      ],
    ),
  ])('says what became of it: %s', (_, events, status, reason) =>
    after(...events).thenRows({ status: status as never, reason }),
  );

  it('tells until when it waits for the end of quiet hours', () => {
    const data = { endpointId: 'e', channel: 'bark', number: 1, reason: 'quiet-hours', retryAt: sendAt, at };
    const postponed: DeliveryEvent = { type: 'delivery.postponed', data };
    after(...filed, postponed).thenRows({
      status: 'filed',
      timeline: [
        ...filedLines,
        line('delivery.postponed', { channel: 'bark', detail: 'quiet-hours', retryAt: sendAt }),
      ],
    });
  });

  it('tells each try and how it ended, by its reason where the class does not say why', () => {
    const failed = life.ended('delivery.failed', 'one', 'TRANSIENT', false);
    const redirected = life.ended('delivery.failed', 'two', 'CONFIG', true, 'redirected');
    after(...filed, life.attempted('one'), failed, life.attempted('two'), redirected).thenRows({
      timeline: [
        ...filedLines,
        attempted,
        line('delivery.failed', { channel: 'bark', detail: 'TRANSIENT' }),
        attempted,
        line('delivery.failed', { detail: 'redirected' }),
      ],
    });
    after(...filed, life.attempted('one'), life.sent('one', 'link')).thenRows({
      timeline: [...filedLines, attempted, line('delivery.sent', { channel: 'bark', detail: 'link-left-out' })],
    });
  });

  it('tells when a refusal that passes is waited out, and nothing of its time having come', () => {
    const retryAt = expect.stringMatching(/^2/) as string;
    after(...filed, life.deferred('one'), life.resumed()).thenRows({
      status: 'delivering',
      timeline: [...filedLines, line('delivery.deferred', { channel: 'bark', detail: 'THROTTLED', retryAt })],
    });
  });

  it('tells of another text, which changes no status once the push has arrived', () => {
    const edited: MessageEvent = {
      type: 'message.edited',
      data: { ownerId: 'o', personId: 'p', edition: 1, content: 's', contentHash: 'h', at: '2026-11-22T09:00:00.000Z' },
    };
    after(life.judged('moderation.held', 'ads'), edited).thenRows({ status: 'moderating', reason: null });
    const arrived = [...filed, life.attempted('one'), life.sent('one'), life.finished('delivered')];
    after(...arrived, edited, life.judged('moderation.blocked', 'ads'), life.attempted('two')).thenRows({
      status: 'delivered',
      reason: null,
    });
  });

  it('keeps a bounded timeline; its end is always told', () => {
    const failed = life.ended('delivery.failed', 'one', 'TRANSIENT', false);
    const tries = Array.from({ length: 150 }, () => [life.attempted('one'), failed]).flat();
    const timeline = Array.from({ length: 201 }, () => line(expect.any(String) as never));
    timeline[0] = line('message.pushed');
    timeline[200] = line('delivery.finished');
    after(...filed, ...tries, life.finished('failed')).thenRows({ status: 'failed', timeline });
  });
});
