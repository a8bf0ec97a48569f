import { authSubjects, MeView } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { refused } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { browser, openDeviceLogIn, pollDeviceLogIn } from '../testing/device-log-in.fixture';

describe('logging a browser in by scanning', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const refusal = (deviceCode: string, meta: RpcOptions = browser) => refused(pollDeviceLogIn(auth, deviceCode, meta));

  it('gives it a session of the person’s once they agree', async () => {
    const opened = await openDeviceLogIn(auth);
    expect((await refusal(opened.deviceCode)).code).toBe('session.authorization-pending');
    await ann.ask(authSubjects.approveDeviceLogIn, { userCode: opened.userCode });
    const { body } = await pollDeviceLogIn(auth, opened.deviceCode);
    expect(body.user.id).toBe(ann.id);
    const me = await auth.ask<MeView>(
      authSubjects.getMe,
      {},
      { caller: { kind: 'user', userId: body.user.id, roles: ['user'] } },
    );
    expect(me.body.id).toBe(ann.id);
    // Its answer may have been lost: the same browser finds it again, and no other.
    expect((await pollDeviceLogIn(auth, opened.deviceCode)).body.refreshToken).toBe(body.refreshToken);
    const thief = { client: { address: '198.51.100.9', userAgent: 'curl/8' } };
    expect((await refusal(opened.deviceCode, thief)).code).toBe('session.challenge-over');
  });

  it('tells a browser that asks too often to wait', async () => {
    const { deviceCode } = await openDeviceLogIn(auth);
    // The few seconds are not over, however slow the machine.
    await auth.whileTimeStands(async () => {
      expect((await refusal(deviceCode)).code).toBe('session.authorization-pending');
      const { code, detail } = await refusal(deviceCode);
      expect([code, detail.extra]).toEqual(['session.slow-down', { retryAfter: 5 }]);
      auth.passTime(5_000);
      expect((await refusal(deviceCode)).code).toBe('session.authorization-pending');
    });
  });
});
