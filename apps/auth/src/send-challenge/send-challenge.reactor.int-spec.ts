import { aadOf, authSubjects, EndpointView, Page, UserEvent } from '@hark/contracts';
import { EventStore, RecordedEvent } from '@hark/eventstore';
import { until } from '@hark/testing';
import { Vault } from '@hark/vault';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { SendChallengeReactor } from './send-challenge.reactor';

type Challenged = RecordedEvent<Extract<UserEvent, { type: 'user.endpoint-challenged' }>>;

describe('sending a challenge', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let reactor: SendChallengeReactor;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
    reactor = auth.service.app.get(SendChallengeReactor);
  });
  afterAll(() => auth.close());

  const add = async (deviceKey: string) =>
    (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey })).body;
  const pushesOf = (deviceKey: string) => auth.pushesOf(deviceKey);
  const challengesOf = async (endpointId: string) =>
    (await auth.service.app.get(EventStore).read('user', ann.id)).filter(
      ({ event }) =>
        event.type === 'user.endpoint-challenged' && (event.data as { endpointId: string }).endpointId === endpointId,
    ) as Challenged[];

  it('sends the sealed code as it is, and marks a repeat as the same', async () => {
    const { id } = await add('DeviceRedelivered');
    await until(() => pushesOf('DeviceRedelivered')[0], { what: 'the challenge' });
    const [challenged] = await challengesOf(id);
    const code = await auth.service.app.get(Vault).open(challenged!.event.data.code, aadOf.code(id));
    await reactor.react(challenged!);
    const [first, second] = pushesOf('DeviceRedelivered');
    expect(String(first!.body)).toContain(code);
    expect([second!.id, second!.title, second!.body]).toEqual([first!.id, first!.title, first!.body]);
    expect(first!.id).toEqual(expect.any(String));
  });

  const list = async (locale?: 'zh-CN' | 'en') =>
    (await ann.ask<Page<EndpointView>>(authSubjects.listEndpoints, {}, locale ? { locale } : {})).body.items;
  const shown = (id: string, status: EndpointView['status']) =>
    until(async () => (await list()).find((one) => one.id === id && one.status === status), {
      what: `${id} ${status}`,
    });
  /** The deferrals of the endpoint's challenges, so far. */
  const deferrals = async (endpointId: string) =>
    (await auth.service.app.get(EventStore).read('user', ann.id)).flatMap(({ event }) => {
      const { type, data } = event as UserEvent;
      return type === 'user.endpoint-challenge-deferred' && data.endpointId === endpointId ? [data] : [];
    });
  const deferred = (endpointId: string, times: number) =>
    until(async () => (await deferrals(endpointId))[times - 1], { what: `deferral ${times}` });

  it('tries again at the times of the schedule when the provider is down, until it takes it', async () => {
    auth.phone('DeviceBehindOutage', 'down');
    const { id } = await add('DeviceBehindOutage');
    expect(await deferred(id, 1)).toMatchObject({ number: 1, reason: 'not-reached' });
    const waits = async () => (await list()).some((one) => one.id === id && one.challengeRetryAt);
    await until(waits, { what: 'the endpoint says when' });
    auth.passTime(6_000);
    const { at, retryAt } = await deferred(id, 2);
    expect(Date.parse(retryAt) - Date.parse(at)).toBeGreaterThanOrEqual(300_000);
    expect(auth.pushTries('DeviceBehindOutage')).toBe(2);
    auth.phone('DeviceBehindOutage', 'ok');
    auth.passTime(331_000);
    await until(() => pushesOf('DeviceBehindOutage')[0], { what: 'the code after the outage' });
    expect(auth.pushTries('DeviceBehindOutage')).toBe(3);
  });

  it('gives a code up that is not taken while it lives, and says so', async () => {
    auth.phone('DeviceThrottled', 'throttled');
    const { id } = await add('DeviceThrottled');
    await deferred(id, 1);
    auth.passTime(331_000);
    // The next try would be after half an hour, and the code lives for fifteen minutes.
    expect(await shown(id, 'failed')).toMatchObject({ reason: 'not-reached' });
    expect(auth.pushTries('DeviceThrottled')).toBe(2);
  });

  it('says on the endpoint, in words, that its server knows no such device; a new code makes it new', async () => {
    auth.phone('DeviceThatIsNone', 'unknown');
    const { id } = await add('DeviceThatIsNone');
    expect(await shown(id, 'failed')).toMatchObject({ reason: 'recipient-gone' });
    const told = async (locale: 'zh-CN' | 'en') => (await list(locale)).find((one) => one.id === id)!.detail;
    expect([await told('en'), await told('zh-CN')]).toEqual([
      expect.stringContaining('no such device'),
      expect.stringContaining('没有这个设备'),
    ]);
    expect(auth.pushTries('DeviceThatIsNone')).toBe(1);
    auth.phone('DeviceThatIsNone', 'ok');
    expect(await add('DeviceThatIsNone')).toMatchObject({ id, status: 'unverified' });
    await until(() => pushesOf('DeviceThatIsNone')[0], { what: 'the code' });
  });

  it('says in words where the hub’s mail server takes no address beyond ASCII, to which nothing is then sent', async () => {
    auth.outside.mail.offersUtf8 = false;
    const added = { kind: 'email', address: '用户@例子.中国' };
    const { id, fields } = (await ann.ask<EndpointView>(authSubjects.addEndpoint, added)).body;
    expect(fields).toEqual({ address: '用•••@xn--fsqu00a.xn--fiqs8s' });
    expect(await shown(id, 'failed')).toMatchObject({ reason: 'address-unsupported' });
    expect((await list('zh-CN')).find((one) => one.id === id)!.detail).toContain('请改用其他邮箱');
    expect(auth.mailsTo('用户@xn--fsqu00a.xn--fiqs8s')).toEqual([]);
  });

  it('lets nobody wait for the endpoints of others, however many of them are on a server that answers 500', async () => {
    const crowd = await Promise.all(Array.from({ length: 6 }, (_, n) => auth.somebody(`crowd-${n}`)));
    const devices = crowd.flatMap((user, p) =>
      Array.from({ length: 20 }, (_, n) => ({ user, deviceKey: `Crowd${p}Device${n}` })),
    );
    for (const { deviceKey } of devices) auth.phone(deviceKey, 'down');
    await Promise.all(
      crowd.map(async (user) => {
        for (const { deviceKey } of devices.filter((device) => device.user === user))
          await user.ask(authSubjects.addEndpoint, { kind: 'bark', deviceKey });
      }),
    );
    const ben = await auth.somebody('ben');
    await ben.ask(authSubjects.addEndpoint, { kind: 'bark', deviceKey: 'DeviceOfBen' });
    await until(() => pushesOf('DeviceOfBen')[0], { what: 'the code of somebody else' });
    // Their tries are minutes apart: nobody of the crowd has come to an end by then.
    for (const { deviceKey } of devices) expect(auth.pushTries(deviceKey)).toBeLessThanOrEqual(2);
  });

  it('sends neither what a newer code replaced, nor to what is gone, nor what has expired', async () => {
    const { id } = await add('DeviceReplaced');
    await until(() => pushesOf('DeviceReplaced')[0], { what: 'the first code' });
    await add('DeviceReplaced');
    const [old, current] = await challengesOf(id);
    const code = await auth.service.app.get(Vault).open(current!.event.data.code, aadOf.code(id));
    await until(() => pushesOf('DeviceReplaced').some(({ body }) => String(body).includes(code!)), {
      what: 'the code',
    });
    const sent = pushesOf('DeviceReplaced').length;
    await reactor.react(old!);
    expect(pushesOf('DeviceReplaced')).toHaveLength(sent);
    auth.passTime(15 * 60_000);
    await reactor.react(current!);
    expect(pushesOf('DeviceReplaced')).toHaveLength(sent);
    const gone = await add('DeviceGone');
    await until(() => pushesOf('DeviceGone')[0], { what: 'the challenge' });
    await ann.ask(authSubjects.removeEndpoint, { endpointId: gone.id });
    const [challenged] = await challengesOf(gone.id);
    await reactor.react(challenged!);
    expect(pushesOf('DeviceGone')).toHaveLength(1);
  });
});
