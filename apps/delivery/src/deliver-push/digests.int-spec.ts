import { AppDigest, DigestEvent } from '@hark/contracts';
import { Clock, uuid5, uuid7 } from '@hark/kernel';
import { until } from '@hark/testing';
import { digestIdOf, DigestStore } from '../digest.store';
import { start } from '../main';
import { at, DeliveryWorld, Recipient } from '../testing/delivery-world.fixture';
import { Digests } from './digests';

const hourMs = 3_600_000;

describe('messages that ring together', () => {
  let world: DeliveryWorld;
  beforeAll(async () => {
    world = await DeliveryWorld.start();
  });
  afterAll(() => world.close());

  /** Twelve hours from now, so that no test runs into it. */
  const inTwelveHours = (): AppDigest => ({
    every: 'day',
    at: new Date(Date.parse(world.now()) + 12 * hourMs).toISOString().slice(11, 16),
  });
  const set = (to: Recipient, digest: AppDigest | null) =>
    world.append(
      'user',
      to.personId,
      { type: 'user.time-zone-set', data: { timeZone: 'UTC', at } },
      { type: 'user.digest-set', data: { digest, at } },
    );
  const waiting = async (endpoints: readonly ('phone' | 'mailbox')[] = ['phone']) => {
    const to = await world.recipient({ endpoints });
    await set(to, inTwelveHours());
    return to;
  };
  /** The same person, who has bound another app as well. */
  const alsoBound = async (to: Recipient, name: string): Promise<Recipient> => {
    const app = await world.app(undefined, name);
    const openid = `o-${uuid7()}`;
    const bindingId = uuid5(app.appId, openid);
    const consentId = await world.consent({ ...app, personId: to.personId, bindingId }, openid);
    return { ...to, ...app, bindingId, consentId };
  };
  const put = async (to: Recipient): Promise<string> => {
    const pushId = await world.push(to);
    expect(await world.seen(pushId, 'delivery.postponed')).toMatchObject({ reason: 'digest' });
    return pushId;
  };
  /** How each of them ends, when time goes on. */
  const ends = async (pushIds: readonly string[], afterMs = 13 * hourMs) => {
    world.passTime(afterMs);
    const isOver = async (pushId: string) => (await world.steps(pushId)).includes('finished');
    // What waits for the one that tells is woken in between.
    const areOver = world.hurried(async () => (await Promise.all(pushIds.map(isOver))).every(Boolean));
    await until(areOver, { what: 'all of the digest end' });
    return Promise.all(pushIds.map((pushId) => world.finished(pushId)));
  };

  it('have one lead, whichever replica asks first', async () => {
    const replicas = [new DigestStore(world.store), new DigestStore(world.store)];
    const digestId = digestIdOf(uuid7(), at);
    const lead = (replica: DigestStore) => {
      const commandId = uuid7();
      const context = { commandId, actor: 'service:delivery', requestId: commandId, correlationId: commandId };
      return replica.execute(digestId, { type: 'Lead', pushId: uuid7(), insteadOf: null, at }, context);
    };
    const asked = await Promise.all(Array.from({ length: 6 }, (_, index) => lead(replicas[index % 2]!)));
    const led = await world.events<DigestEvent>('digest', digestId);
    expect(led).toHaveLength(1);
    expect(asked.map(({ state }) => state.leadId)).toEqual(Array(6).fill(led[0]!.data.pushId));
  });

  it('are in the inbox at once and ring once an endpoint, with how many there are of whom', async () => {
    const to = await waiting(['phone', 'mailbox']);
    const other = await alsoBound(to, '天气');
    const pushIds = [await put(to), await put(other), await put(to), await put(to), await put(to)];
    const [first, , , read, recalled] = pushIds as [string, string, string, string, string];
    const { retryAt } = await world.seen(first, 'delivery.postponed');
    expect(await world.seen(first, 'delivery.filed')).toMatchObject({ reason: 'digest', until: retryAt });
    await until(async () => (await world.inbox(to.personId)).body.items.length === 5, { what: 'all are in the inbox' });
    await world.mark('read', to.personId, read);
    await world.append('message', recalled, { type: 'message.recalled', data: { at } });
    expect([world.asked(to), world.mailsTo(to)]).toEqual([[], []]);

    const told = ['delivered', 'delivered', 'delivered'];
    expect(await ends(pushIds)).toEqual([...told, 'inbox-only: read', 'suppressed: recalled']);
    expect(world.asked(to)).toHaveLength(1);
    const [shown] = world.shown(to);
    expect(shown).toMatchObject({ title: '3 条新消息', params: { group: 'Hark' } });
    expect(shown!.body).toMatch(/^Hacker密码.* 2 条、天气.* 1 条$/);
    const [mail, ...more] = world.mailsTo(to);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ subject: '3 条新消息' });
    expect(mail!.text).toMatch(/Hacker密码.* 2 条\n天气.* 1 条/);
    expect(mail!.text).toContain('汇总');
    // One of them has led at each endpoint, and says that it was a digest.
    const stories = await Promise.all(pushIds.map((pushId) => world.story(pushId)));
    const tries = stories.flat().flatMap((event) => (event.type === 'delivery.attempted' ? [event.data] : []));
    expect(tries).toEqual([expect.objectContaining({ digest: true }), expect.objectContaining({ digest: true })]);
    expect(stories.flat().filter(({ type }) => type === 'delivery.digested')).toHaveLength(4);
  });

  it('ring alone as what they are, and not at all where nothing is left', async () => {
    const [one, none] = await Promise.all([waiting(), waiting()]);
    const other = await alsoBound(one, '天气');
    const [unbound, left, read] = [await put(one), await put(other), await put(none)];
    await world.append('binding', one.bindingId, { type: 'binding.unbound', data: { reason: 'requested', at } });
    await until(async () => (await world.inbox(none.personId)).body.items.length, { what: 'it is in the inbox' });
    await world.mark('read', none.personId, read);
    expect(await ends([unbound, left, read])).toEqual(['suppressed: unbound', 'delivered', 'inbox-only: read']);
    expect(world.shown(one)).toMatchObject([{ title: '工单' }]);
    expect(world.asked(one).map(({ id }) => id)).toEqual([left]);
    expect(world.asked(none)).toEqual([]);
  });

  it('ring alone only where no newer push has taken their place on the phone', async () => {
    const to = await waiting();
    const pushed = (body: string, priority: 'normal' | 'critical') =>
      world.accepted(to, { body, collapseId: 'eta' }, world.now(), { priority });
    const early = await pushed('10 min', 'normal');
    await world.pass(early);
    expect(await world.seen(early, 'delivery.postponed')).toMatchObject({ reason: 'digest' });
    await world.append('binding', to.bindingId, { type: 'binding.critical-set', data: { critical: true, at } });
    const newer = await pushed('now!', 'critical');
    await world.pass(newer);
    expect(await world.finished(newer)).toBe('delivered');
    expect(await ends([early])).toEqual(['inbox-only: replaced']);
    expect(world.shown(to)).toMatchObject([{ body: 'now!', state: 'shown' }]);
  });

  it('ring once an endpoint, whichever of two processes each of them is woken in', async () => {
    const replica = await start(world.harness.env);
    try {
      replica.app.get(Clock).now = () => world.now();
      const woken = [world.service, replica].map(({ app }) => jest.spyOn(app.get(Digests), 'ring'));
      const to = await waiting(['phone', 'mailbox']);
      const pushIds: string[] = [];
      for (let count = 0; count < 12; count += 1) pushIds.push(await put(to));
      expect(await ends(pushIds)).toEqual(Array(12).fill('delivered'));
      for (const { mock } of woken) expect(mock.calls.length).toBeGreaterThan(0);
      expect(world.asked(to)).toHaveLength(1);
      expect(world.shown(to)).toMatchObject([{ title: '12 条新消息' }]);
      expect(world.mailsTo(to)).toMatchObject([{ subject: '12 条新消息' }]);
    } finally {
      await replica.close();
    }
  });

  it('keep the time they were told when the setting is taken back, and others ring at once', async () => {
    const to = await waiting();
    const early = await put(to);
    await set(to, null);
    const late = await world.push(to);
    expect(await world.finished(late)).toBe('delivered');
    expect(world.asked(to).map(({ id }) => id)).toEqual([late]);
    expect(await ends([early])).toEqual(['delivered']);
    expect(world.asked(to).map(({ id }) => id)).toEqual([late, early]);
  });

  it('are of those apps only whose messages are not to ring by themselves, and not critical', async () => {
    const to = await waiting();
    const single = await alsoBound(to, '天气');
    await world.append('binding', single.bindingId, {
      type: 'binding.digest-set',
      data: { digest: { every: 'never' }, at },
    });
    expect(await world.finished(await world.push(single))).toBe('delivered');
    await world.append('binding', to.bindingId, { type: 'binding.critical-set', data: { critical: true, at } });
    const critical = await world.accepted(to, undefined, undefined, { priority: 'critical' });
    await world.pass(critical);
    expect(await world.finished(critical)).toBe('delivered');
    await put(to);
  });

  it('wait together for a provider that asks for time', async () => {
    const to = await waiting();
    const pushIds = [await put(to), await put(to), await put(to)];
    world.phone(to, 'throttled', 1);
    expect(await ends(pushIds)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(world.asked(to)).toHaveLength(2);
    expect(world.shown(to)).toMatchObject([{ title: '3 条新消息' }]);
  });

  it('try an endpoint that is gone once only', async () => {
    const to = await waiting();
    const pushIds = [await put(to), await put(to)];
    world.phone(to, 'gone');
    // The other has no way there any more, which is no failure of its own.
    expect((await ends(pushIds)).sort()).toEqual(['failed', 'inbox-only: no-channel']);
    expect(world.asked(to)).toHaveLength(1);
    world.release(to);
  });

  it('ring once when the process is killed while one of them tells', async () => {
    const to = await waiting();
    const pushIds = [await put(to), await put(to)];
    const [lead] = pushIds as [string, string];
    const { number, retryAt } = await world.seen(lead, 'delivery.postponed');
    // As a process leaves it whose bytes may have left.
    const digestId = digestIdOf(to.phone, retryAt);
    const attempt = { attemptId: uuid7(), endpointId: to.phone, channel: 'bark', dedupeId: digestId };
    await world.append('digest', digestId, { type: 'digest.led', data: { pushId: lead, at } });
    // Written before the clock goes on, after which the scheduler would race for the same stream.
    const due = new Date(Date.parse(world.now()) + 12 * hourMs + 60_000).toISOString();
    await world.append(
      'delivery',
      lead,
      { type: 'delivery.resumed', data: { endpointId: to.phone, number, epoch: 1, at: due } },
      { type: 'delivery.attempted', data: { ...attempt, bindingRevision: 0, digest: true, at: due } },
    );
    world.passTime(12 * hourMs + 60_000);
    expect(await ends(pushIds, 0)).toEqual(['delivered', 'delivered']);
    expect(world.asked(to).map(({ id }) => id)).toEqual([digestId]);
    expect(await world.steps(lead)).toEqual(expect.arrayContaining(['unknown', 'sent']));
  });
});
