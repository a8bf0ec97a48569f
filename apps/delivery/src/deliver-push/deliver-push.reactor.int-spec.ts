import { StandingEvent } from '@hark/contracts';
import { uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { DeliveryStore } from '../delivery.store';
import { at, DeliveryWorld, hash, Recipient } from '../testing/delivery-world.fixture';

describe('deciding what becomes of a push', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  const inInbox = async (to: Recipient, pushId: string) => {
    const rows = await world.harness.sql(
      'select 1 from delivery.inbox where item_id = $1 and person_id = $2 and filed_at is not null',
      [pushId, to.personId],
    );
    return rows.length > 0;
  };

  it('files it and sends it everywhere, and says what it looked at', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    const pushId = await world.push(to, {
      title: '工单 1024',
      body: '工程师已出发',
      url: 'https://x.example/1',
      tags: ['t'],
    });
    expect(await world.finished(pushId)).toBe('delivered');
    const types = await world.steps(pushId);
    expect(types.slice(0, 4)).toEqual(['decided', 'filed', 'attempted', 'attempted']);
    expect(types.slice(4)).toEqual(['sent', 'sent', 'finished']);
    expect(await world.seen(pushId, 'delivery.decided')).toMatchObject({
      appId: to.appId,
      ownerId: to.ownerId,
      personId: to.personId,
      bindingId: to.bindingId,
      bindingRevision: 0,
      standingRevision: -1,
      decision: 'deliver',
      level: 'strong',
      muted: false,
      endpoints: [
        { endpointId: to.phone, kind: 'bark' },
        { endpointId: to.mailbox, kind: 'email' },
      ],
    });
    const [push, ...more] = world.asked(to);
    expect(more).toEqual([]);
    expect(push).toMatchObject({
      id: pushId,
      title: '工单 1024',
      subtitle: 'Hacker密码 · 未认证',
      body: '工程师已出发',
    });
    const [mail, ...others] = world.mailsTo(to);
    expect(others).toEqual([]);
    expect(mail!.text).toContain('工程师已出发');
    await until(() => inInbox(to, pushId), { what: 'the push is in the inbox' });
  });

  it('owes a call about the end to an app with a callback address, and nothing to others', async () => {
    const app = await world.app(uuid7(), 'Called', { callbackUrl: 'https://app.example/hooks' });
    const [told, untold] = [await world.recipient({ app }), await world.recipient()];
    const ended = async (to: Recipient) => {
      const pushId = await world.push(to);
      await world.finished(pushId);
      return (await world.steps(pushId)).slice(-1);
    };
    expect(await ended(told)).toEqual(['callback-owed']);
    expect(await ended(untold)).toEqual(['finished']);
  });

  it('records a link that a channel could not carry, and carries it where it can', async () => {
    const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
    const url = `https://app.example/${'x'.repeat(1_500)}`;
    const pushId = await world.push(to, { body: 'b', tags: [], url });
    await world.finished(pushId);
    const sent = (await world.store.read('delivery', pushId)).filter(({ event }) => event.type === 'delivery.sent');
    const told = sent.map(({ event }) => event.data as { channel: string; leftOut?: string });
    expect(told.find(({ channel }) => channel === 'bark')).toMatchObject({ leftOut: 'link' });
    expect(told.find(({ channel }) => channel === 'email')).not.toHaveProperty('leftOut');
    expect(world.mailsTo(to)[0]!.text).toContain(url);
  });

  it('replaces on the phone what has the same collapse id, and tells the reader in their own language', async () => {
    const to = await world.recipient();
    await world.append('user', to.personId, { type: 'user.locale-set', data: { locale: 'en', at } });
    const collapseId = 'ticket-1024-eta';
    const image = 'https://tracker.example/pixel.png';
    const variants = { en: { body: 'On the way' } };
    await world.finished(await world.push(to, { body: '已派单', collapseId }));
    const pushId = await world.push(to, { body: '已出发', collapseId, image, variants, data: { eta: 15 } });
    await world.finished(pushId);
    expect(world.shown(to).map(({ state, body }) => [state, body])).toEqual([
      ['replaced', '已派单'],
      ['shown', 'On the way'],
    ]);
    // The phone would load it from the app's server, and nobody answers for this app.
    expect(JSON.stringify(world.asked(to))).not.toContain('tracker');
    await until(() => inInbox(to, pushId), { what: 'the push is in the inbox' });
    const { items } = (await world.inbox(to.personId)).body;
    expect(items.find(({ id }) => id === pushId)).toMatchObject({ body: 'On the way', image, data: { eta: 15 } });
  });

  it('names the request that it came from, and who decided', async () => {
    const pushId = await world.push(await world.recipient());
    await world.finished(pushId);
    const [verdict] = await world.store.read('moderation', pushId);
    for (const { metadata } of await world.store.read('delivery', pushId)) {
      expect(metadata).toMatchObject({
        actor: 'service:delivery',
        requestId: verdict!.metadata.requestId,
        $causationId: verdict!.eventId,
      });
    }
  });

  describe('for the inbox only', () => {
    const quiet: [string, (to: Recipient) => Promise<unknown>][] = [
      ['muted', (to) => world.append('binding', to.bindingId, { type: 'binding.muted', data: { until: null, at } })],
      [
        'weak',
        (to) => world.append('binding', to.bindingId, { type: 'binding.level-set', data: { level: 'weak', at } }),
      ],
      [
        'no-channel',
        (to) => world.append('binding', to.bindingId, { type: 'binding.channels-set', data: { channels: [], at } }),
      ],
      ['app-throttled', (to) => world.append('standing', to.ownerId, { type: 'standing.throttled', data: { at } })],
    ];
    it.each(quiet)('%s: filed with the reason, and no bytes leave', async (reason, change) => {
      const to = await world.recipient();
      const pushId = await world.accepted(to);
      await change(to);
      await world.pass(pushId);
      expect(await world.finished(pushId)).toBe(`inbox-only: ${reason}`);
      expect(await world.steps(pushId)).toEqual(['decided', 'filed', 'finished']);
      expect(await world.seen(pushId, 'delivery.filed')).toMatchObject({ reason });
      await until(() => inInbox(to, pushId), { what: 'the push is in the inbox' });
      expect(world.asked(to)).toEqual([]);
    });

    it('in quiet hours: filed at once, sent when they are over, if the person still wants it', async () => {
      const hoursAway = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
      const setQuiet = (to: Recipient, mode: 'defer' | 'inbox', ...days: number[]) => {
        const windows = days.length === 0 ? [] : [{ days, from: hoursAway(-6), to: hoursAway(6), mode }];
        return world.append(
          'user',
          to.personId,
          { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
          { type: 'user.quiet-hours-set', data: { quietHours: windows, at } },
        );
      };
      const everyDay = [1, 2, 3, 4, 5, 6, 7];
      const recipients = await Promise.all(Array.from({ length: 5 }, () => world.recipient()));
      const [now, still, changed, unbound, moved] = recipients;
      await Promise.all(recipients.map((to) => setQuiet(to, 'defer', ...everyDay)));
      const pushes = await Promise.all(recipients.map((to) => world.push(to)));
      const [first, second, third, fourth, fifth] = pushes as [string, string, string, string, string];
      for (const pushId of pushes) {
        const { retryAt, reason } = await world.seen(pushId, 'delivery.postponed');
        expect(await world.steps(pushId)).toEqual(['decided', 'filed', 'postponed']);
        const why = { reason: 'quiet-hours', until: retryAt };
        expect(reason).toBe(why.reason);
        expect(await world.seen(pushId, 'delivery.decided')).toMatchObject({ decision: 'defer', ...why });
        expect(await world.seen(pushId, 'delivery.filed')).toMatchObject(why);
      }
      const unbind = { type: 'binding.unbound', data: { reason: 'requested', at } };
      await Promise.all([setQuiet(now!, 'defer'), setQuiet(changed!, 'inbox', ...everyDay)]);
      await world.append('binding', unbound!.bindingId, unbind);
      // Twelve hours behind, it is the other half of the day.
      const far = { type: 'user.time-zone-set', data: { timeZone: 'Etc/GMT+12', at } };
      await world.append('user', moved!.personId, far);
      const deliveries = world.service.app.get(DeliveryStore);
      const context = () => ({ commandId: uuid7(), requestId: 'r', correlationId: 'c', actor: 'service:delivery' });
      for (const [to, pushId] of [
        [now, first],
        [still, second],
        [changed, third],
        [unbound, fourth],
        [moved, fifth],
      ] as const) {
        const command = { type: 'Resume', endpointId: to!.phone, number: 1, epoch: 1, at } as const;
        await deliveries.execute(pushId, command, context());
      }
      expect(await world.finished(first)).toBe('delivered');
      expect(await world.finished(third)).toBe('inbox-only: quiet-hours');
      expect(await world.finished(fourth)).toBe('suppressed: unbound');
      expect(await world.finished(fifth)).toBe('delivered');
      const again = async () => (await world.steps(second)).filter((step) => step === 'postponed').length === 2;
      await until(again, { what: 'it waits again' });
      expect(recipients.map((to) => world.asked(to).length)).toEqual([1, 0, 0, 0, 1]);
    });

    it('but not critical pushes, where the person allowed them; elsewhere those are as urgent ones', async () => {
      const [allowed, other] = await Promise.all([world.recipient(), world.recipient()]);
      const days = [1, 2, 3, 4, 5, 6, 7];
      const quietHours = [{ days, from: '00:00', to: '00:00', mode: 'defer' }];
      await world.append('user', allowed.personId, { type: 'user.quiet-hours-set', data: { quietHours, at } });
      await world.append('binding', allowed.bindingId, { type: 'binding.critical-set', data: { critical: true, at } });
      const critical = async (to: Recipient) => {
        const pushId = await world.accepted(to, undefined, undefined, { priority: 'critical' });
        await world.pass(pushId);
        return world.finished(pushId);
      };
      expect(await Promise.all([critical(allowed), critical(other)])).toEqual(['delivered', 'delivered']);
      expect(await world.finished(await world.push(allowed))).toBe('inbox-only: quiet-hours');
      // Both phones would sound.
      expect(world.shown(allowed)[0]).toMatchObject({ params: { level: 'critical' } });
      expect(world.shown(other)[0]).toMatchObject({ params: { level: 'timeSensitive' } });
    });

    it('has no channel in an endpoint that is not verified', async () => {
      const to = await world.recipient({ endpoints: [] });
      const data = {
        endpointId: to.phone,
        kind: 'bark',
        address: `v1.${to.personId}.aa.bb`,
        addressHash: hash('x'),
        at,
      };
      await world.append('user', to.personId, { type: 'user.endpoint-added', data });
      expect(await world.finished(await world.push(to))).toBe('inbox-only: no-channel');
    });

    it('is over when the mute is over', async () => {
      const to = await world.recipient();
      const until = '2026-01-01T00:00:00.000Z';
      await world.append('binding', to.bindingId, { type: 'binding.muted', data: { until, at } });
      const pushId = await world.push(to);
      expect(await world.finished(pushId)).toBe('delivered');
      expect(await world.seen(pushId, 'delivery.decided')).toMatchObject({ muted: false, bindingRevision: 1 });
    });

    it('goes to the chosen endpoint only', async () => {
      const to = await world.recipient({ endpoints: ['phone', 'mailbox'] });
      await world.append('binding', to.bindingId, {
        type: 'binding.channels-set',
        data: { channels: [to.mailbox], at },
      });
      expect(await world.finished(await world.push(to))).toBe('delivered');
      expect(world.mailsTo(to)).toHaveLength(1);
      expect(world.asked(to)).toEqual([]);
    });
  });

  describe('not at all, when between accept and verdict', () => {
    const suspended: StandingEvent = { type: 'standing.suspended', data: { until: '2099-01-01T00:00:00.000Z', at } };
    const refusals: [string, string, (to: Recipient) => Promise<unknown>][] = [
      [
        'the person unbinds',
        'unbound',
        (to) => world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } }),
      ],
      [
        'the person blocks the binding',
        'blocked-by-user',
        (to) => world.append('binding', to.bindingId, { type: 'binding.blocked', data: { at } }),
      ],
      [
        'the person blocks the app',
        'blocked-by-user',
        (to) => world.append('user', to.personId, { type: 'user.blocked-app', data: { appId: to.appId, at } }),
      ],
      [
        'the level becomes none',
        'level-none',
        (to) => world.append('binding', to.bindingId, { type: 'binding.level-set', data: { level: 'none', at } }),
      ],
      [
        'the app is deleted',
        'app-deleted',
        (to) => world.append('app', to.appId, { type: 'app.deleted', data: { at } }),
      ],
      ['the owner is suspended', 'app-suspended', (to) => world.append('standing', to.ownerId, suspended)],
      [
        'the owner is banned',
        'app-banned',
        (to) => world.append('standing', to.ownerId, { type: 'standing.banned', data: { confirmedBy: uuid7(), at } }),
      ],
      [
        'the person consents anew after unbinding',
        'unbound',
        async (to) => {
          await world.append('binding', to.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
          await world.consent(to, 'o');
        },
      ],
      ['the person is erased', 'person-erased', (to) => world.vault.erase(to.personId)],
    ];
    it.each(refusals)('%s', async (_, reason, change) => {
      const to = await world.recipient();
      const pushId = await world.accepted(to);
      await change(to);
      await world.pass(pushId);
      expect(await world.finished(pushId)).toBe(`suppressed: ${reason}`);
      expect(await world.steps(pushId)).toEqual(['decided', 'finished']);
      expect(await world.seen(pushId, 'delivery.decided')).toMatchObject({ decision: 'refuse', reason, endpoints: [] });
      expect(await inInbox(to, pushId)).toBe(false);
      expect(world.asked(to)).toEqual([]);
    });
  });

  describe('by a verdict that cannot be its own', () => {
    const parked = async () => {
      const info = await world.store.client.getPersistentSubscriptionToAllInfo('delivery.deliver-push');
      return Number(info.stats.parkedMessageCount);
    };

    it('shows nothing, parks the verdict for an operator, and delivers by the right one', async () => {
      const to = await world.recipient();
      const before = await parked();
      const pushId = await world.accepted(to);
      await world.pass(pushId, hash('another text'));
      await until(async () => (await parked()) === before + 1, { what: 'the verdict is parked' });
      expect(await world.steps(pushId)).toEqual([]);
      await world.pass(uuid7());
      await until(async () => (await parked()) === before + 2, { what: 'the verdict about no push is parked' });
      expect(world.asked(to)).toEqual([]);
      await world.pass(pushId);
      expect(await world.finished(pushId)).toBe('delivered');
    });
  });

  it('delivers what an operator approved', async () => {
    const to = await world.recipient();
    const pushId = await world.accepted(to);
    const data = { contentHash: hash(pushId), operatorId: uuid7(), decisionId: uuid7(), at };
    await world.append('moderation', pushId, { type: 'moderation.approved', data });
    expect(await world.finished(pushId)).toBe('delivered');
  });

  it('decides nothing by a verdict that holds or blocks', async () => {
    const to = await world.recipient();
    const [held, blocked] = [await world.accepted(to), await world.accepted(to)];
    const verdict = { ruleVersion: '1', wechat: 'off', label: 'fraud', at };
    await world.append('moderation', held, { type: 'moderation.held', data: { ...verdict, contentHash: hash(held) } });
    await world.append('moderation', blocked, {
      type: 'moderation.blocked',
      data: { ...verdict, contentHash: hash(blocked) },
    });
    await world.finished(await world.push(to)); // was written after them
    expect([await world.steps(held), await world.steps(blocked)]).toEqual([[], []]);
  });
});
