import { aadOf, authSubjects, EndpointView, UserEvent } from '@hark/contracts';
import { EventStore, Recorded, Vault } from '@hark/eventstore';
import { until } from '@hark/testing';
import { SendChallengeReactor } from './send-challenge.reactor';
import { AuthStack, Somebody } from '../testing/start-auth-spec';

type Challenged = Recorded<Extract<UserEvent, { type: 'user.endpoint-challenged' }>>;

describe('sending a challenge', () => {
  let auth: AuthStack;
  let ann: Somebody;
  let reactor: SendChallengeReactor;
  beforeAll(async () => {
    auth = await AuthStack.start();
    ann = await auth.somebody('ann');
    reactor = auth.service.app.get(SendChallengeReactor);
  });
  afterAll(() => auth.close());

  const add = async (deviceKey: string) =>
    (await ann.ask<EndpointView>(authSubjects.addEndpoint, { kind: 'bark', deviceKey })).body;
  const pushesOf = (deviceKey: string) => auth.world.barkPushes.filter((push) => push.device_key === deviceKey);
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
    expect(second).toEqual(first);
    expect(first!.id).toEqual(expect.any(String));
  });

  it('tries again when the provider is down, until it takes it', async () => {
    auth.world.barkStatus = 503;
    await add('DeviceBehindOutage');
    await until(() => auth.world.barkRefusals > 0, { what: 'a try that failed' });
    auth.world.barkStatus = undefined;
    await until(() => pushesOf('DeviceBehindOutage')[0], {
      what: 'the challenge after the outage',
      deadlineMs: 20_000,
    });
  });

  it('gives up on what the provider refuses for good', async () => {
    const { id } = await add('DeviceRefused');
    await until(() => pushesOf('DeviceRefused')[0], { what: 'the challenge' });
    const [challenged] = await challengesOf(id);
    auth.world.barkStatus = 400;
    try {
      await reactor.react(challenged!);
    } finally {
      auth.world.barkStatus = undefined;
    }
    expect(pushesOf('DeviceRefused')).toHaveLength(1);
  });

  it('sends neither what a newer code replaced, nor to what is gone, nor what has expired', async () => {
    const { id } = await add('DeviceReplaced');
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
