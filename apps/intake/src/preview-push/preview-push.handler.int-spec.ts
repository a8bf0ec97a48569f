import { PushPreview } from '@hark/contracts';
import { ringsIdOf } from '@hark/gate';
import { plusMs, uuid7 } from '@hark/kernel';
import { refusal } from '@hark/testing';
import { ConsentStore } from '../consent.store';
import { at, Bound, IntakeWorld } from '../testing/intake-world.fixture';

describe('a push that is only asked about', () => {
  let world: IntakeWorld;
  beforeAll(async () => {
    world = await IntakeWorld.start();
  });
  afterAll(() => world.close());

  const preview = async ({ key }: Bound, push: object = {}): Promise<PushPreview> =>
    (await world.preview({ credential: key, body: 'b', ...push })).body;
  const endpoint = async ({ personId }: Bound) => {
    const endpointId = uuid7();
    const data = { endpointId, kind: 'bark', address: `v1.${personId}.aa.bb`, addressHash: 'a'.repeat(64), at };
    const verified = { type: 'user.endpoint-verified', data: { endpointId, at } };
    await world.append('user', personId, { type: 'user.endpoint-added', data }, verified);
  };

  it('is told who would get it, how, and why not, and leaves nothing behind', async () => {
    const app = await world.app();
    const bound = await world.bind(app, { openid: 'o-preview' });
    const passed = { verdict: 'passed' };
    const answer = (more: object) => [{ openid: 'o-preview', ...more }];
    expect(await preview(bound)).toMatchObject({
      moderation: passed,
      recipients: answer({ decision: 'file-only', reason: 'no-channel' }),
    });
    await endpoint(bound);
    const rings = { decision: 'deliver', channels: ['bark'] };
    expect((await preview(bound)).recipients).toEqual(answer({ ...rings, priority: 'normal' }));
    expect((await preview(bound, { priority: 'critical' })).recipients).toEqual(answer({ ...rings, priority: 'high' }));
    const allow = { type: 'binding.critical-set', data: { critical: true, at } };
    const cap = { type: 'binding.cap-set', data: { dailyCap: 1, at } };
    await world.append('binding', bound.bindingId, allow, cap);
    const loud = answer({ ...rings, priority: 'critical' });
    expect((await preview(bound, { priority: 'critical' })).recipients).toEqual(loud);

    const days = [1, 2, 3, 4, 5, 6, 7];
    const quietHours = [{ days, from: '01:00', to: '02:00', mode: 'defer' }];
    await world.append(
      'user',
      bound.personId,
      { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
      { type: 'user.quiet-hours-set', data: { quietHours, at } },
    );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const sendAt = `${tomorrow}T01:30:00.000Z`;
    expect(await preview(bound, { sendAt })).toEqual({
      at: sendAt,
      moderation: passed,
      recipients: answer({
        decision: 'defer',
        reason: 'quiet-hours',
        reasonText: '用户处于安静时段',
        until: `${tomorrow}T02:00:00.000Z`,
        channels: ['bark'],
        priority: 'normal',
      }),
    });
    const counted = { type: 'ring.counted', data: { pushId: uuid7(), at } };
    const midday = `${tomorrow}T12:00:00.000Z`;
    await world.append('ring', ringsIdOf(bound.bindingId, 'UTC', midday), counted);
    const full = answer({ decision: 'file-only', reason: 'daily-cap' });
    expect((await preview(bound, { sendAt: midday })).recipients).toMatchObject(full);
    expect(await preview(bound, { body: 'held' })).toMatchObject({
      moderation: { verdict: 'held', label: 'ads' },
      recipients: answer({ decision: 'hold', reason: 'moderation.ads', reasonText: '等待人工审核：广告' }),
    });
    await world.unbind(bound);
    const unbound = { decision: 'refuse', reason: 'unbound', reasonText: '用户已解绑' };
    expect((await preview(bound)).recipients).toEqual(answer(unbound));
    expect((await world.list({ credential: app.secret })).body.items).toEqual([]);
  });

  it('is told what its text is blocked for, in the words that its status would have', async () => {
    const bound = await world.bind(await world.app(), { openid: 'o-illegal' });
    const asked = { credential: bound.key, body: 'blocked', repeat: { every: 'PT10M', times: 3 } };
    const refused = { openid: 'o-illegal', decision: 'refuse', reason: 'moderation.illegal' };
    expect((await world.preview(asked)).body).toMatchObject({
      moderation: { verdict: 'blocked', label: 'illegal' },
      recipients: [{ ...refused, reasonText: '内容审核未通过：违法' }],
    });
    const english = (await world.preview(asked, { locale: 'en' })).body.recipients;
    expect(english).toEqual([{ ...refused, reasonText: 'its text did not pass: illegal' }]);
  });

  it('is told when it would be said again while nobody acknowledges it, and what would become of each', async () => {
    const bound = await world.bind(await world.app());
    await endpoint(bound);
    const days = [1, 2, 3, 4, 5, 6, 7];
    await world.append(
      'user',
      bound.personId,
      { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
      { type: 'user.quiet-hours-set', data: { quietHours: [{ days, from: '01:25', to: '01:45', mode: 'defer' }], at } },
    );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const time = (clock: string) => `${tomorrow}T${clock}:00.000Z`;
    const asked = { sendAt: time('01:20'), repeat: { every: 'PT10M', times: 3, until: 'acknowledged' } };
    const how = { channels: ['bark'], priority: 'normal' };
    const quiet = { decision: 'defer', reason: 'quiet-hours', until: time('01:45'), ...how };
    const remindersOf = async (more: object = {}) =>
      (await preview(bound, { ...asked, ...more })).recipients[0]!.reminders;
    const [before, within, after] = [
      { at: time('01:30'), ...quiet },
      { at: time('01:40'), ...quiet },
      { at: time('01:50'), decision: 'deliver', ...how },
    ];
    expect(await remindersOf()).toMatchObject([before, within, after]);
    // Nothing follows what is refused, as its time is over.
    expect(await remindersOf({ expiresAt: time('01:40') })).toMatchObject([
      before,
      { at: time('01:40'), decision: 'refuse', reason: 'expired', reasonText: '已过有效期' },
    ]);
    expect(await remindersOf({ body: 'held' })).toBeUndefined();
    expect(await remindersOf({ repeat: { every: 'PT1M', times: 50 } })).toHaveLength(50);
  });

  it('is told which reminders a day’s cap keeps silent, reading each day once', async () => {
    const bound = await world.bind(await world.app());
    await endpoint(bound);
    await world.append('binding', bound.bindingId, { type: 'binding.cap-set', data: { dailyCap: 1, at } });
    await world.append('user', bound.personId, { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } });
    const dayAfter = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const full = ringsIdOf(bound.bindingId, 'UTC', `${dayAfter(2)}T12:00:00.000Z`);
    await world.append('ring', full, { type: 'ring.counted', data: { pushId: uuid7(), at } });
    const { rings } = world.harness.service.app.get(ConsentStore);
    const reads = jest.spyOn(rings, 'get');
    try {
      const repeat = { every: 'PT30M', times: 50, until: 'acknowledged' };
      const { recipients } = await preview(bound, { sendAt: `${dayAfter(1)}T12:00:00.000Z`, repeat });
      const onDay = (days: number) =>
        recipients[0]!.reminders!.filter(({ at: time }) => time.startsWith(dayAfter(days))).map((one) => one.decision);
      expect([1, 2].map((days) => [...new Set(onDay(days))])).toEqual([['deliver'], ['file-only']]);
      expect(onDay(1).length + onDay(2).length).toBe(50);
      expect(reads).toHaveBeenCalledTimes(3); // the push's own day, and the two of the reminders
    } finally {
      reads.mockRestore();
    }
  });

  it('is told whom it would go to next, when, and what would become of it there', async () => {
    const app = await world.app();
    const [first, second, third, gone] = [
      await world.bind(app, { openid: 'first' }),
      await world.bind(app, { openid: 'second' }),
      await world.bind(app, { openid: 'third' }),
      await world.bind(app, { openid: 'gone' }),
    ];
    for (const one of [first, second, third]) await endpoint(one);
    await world.append('binding', third.bindingId, { type: 'binding.muted', data: { until: null, at } });
    await world.unbind(gone);
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const within = (ms: number) => plusMs(sendAt, ms);
    const asked = (more: object = {}) => ({
      credential: app.secret,
      openid: 'first',
      body: 'b',
      sendAt,
      escalate: [
        { after: 'PT30M', openid: 'third' },
        { after: 'PT15M', openid: 'second' },
        { after: 'PT45M', openid: 'gone' },
      ],
      ...more,
    });
    const rings = { decision: 'deliver', channels: ['bark'], priority: 'normal' };
    const times = [15, 30, 45].map((minutes) => within(minutes * 60_000));
    expect((await world.preview(asked())).body.recipients).toMatchObject([
      { openid: 'first', ...rings },
      { openid: 'second', at: times[0], ...rings },
      { openid: 'third', at: times[1], decision: 'file-only', reason: 'muted' },
      { openid: 'gone', at: times[2], decision: 'refuse', reason: 'unbound' },
    ]);
    // What is over for the first by then goes to nobody, and what is refused to them neither.
    const over = (await world.preview(asked({ expiresAt: within(20 * 60_000) }))).body.recipients;
    expect(over.map(({ reason }) => reason)).toEqual([undefined, undefined, 'expired', 'expired']);
    await world.unbind(first);
    const refused = (await world.preview(asked())).body.recipients;
    expect(refused.map(({ decision, reason }) => `${decision} ${reason}`)).toEqual(Array(4).fill('refuse unbound'));
    const unknown = asked({ escalate: [{ after: 'PT1M', openid: 'nobody' }] });
    expect(await refusal(world.preview(unknown))).toBe('binding.unknown');
    const { openid: _, ...byKey } = asked({ credential: second.key, escalate: [{ after: 'PT1M', openid: 'third' }] });
    expect(await refusal(world.preview(byKey))).toBe('push.escalate-needs-secret');
  });

  it('needs what a push needs', async () => {
    const app = await world.app();
    const other = await world.bind(await world.app());
    const twoKeys = { credential: app.secret, key: other.key, body: 'b' };
    expect(await refusal(world.preview(twoKeys))).toBe('binding.unknown');
    expect(await refusal(world.preview({ credential: app.secret, body: 'b', openid: 'nobody' }))).toBe(
      'binding.unknown',
    );
    const bound = await world.bind(app);
    const past = '2020-01-01T00:00:00.000Z';
    expect(await refusal(world.preview({ credential: bound.key, body: 'b', sendAt: past }))).toBe('request.invalid');
  });
});
