import { authSubjects } from '@hark/contracts';
import { refused } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { openDeviceLogIn, pollDeviceLogIn } from '../testing/device-log-in.fixture';

describe('deciding whether a browser is logged in', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  it('ends with a no, and nobody decides it after somebody has', async () => {
    const { deviceCode, userCode } = await openDeviceLogIn(auth);
    await ann.ask(authSubjects.declineDeviceLogIn, { userCode });
    await ann.ask(authSubjects.declineDeviceLogIn, { userCode });
    expect((await refused(pollDeviceLogIn(auth, deviceCode))).code).toBe('session.declined');
    expect(await ben.refusal(authSubjects.approveDeviceLogIn, { userCode })).toBe('device-log-in.settled');
    expect(await ann.refusal(authSubjects.approveDeviceLogIn, { userCode: 'no code' })).toBe('device-log-in.unknown');
  });

  it('has one winner when two people decide at once, and starts one session', async () => {
    const { deviceCode, userCode } = await openDeviceLogIn(auth);
    const asked = [ann, ben].map((who) => who.ask(authSubjects.approveDeviceLogIn, { userCode }));
    const ends = await Promise.allSettled(asked);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const replies = await Promise.all(Array.from({ length: 10 }, () => pollDeviceLogIn(auth, deviceCode)));
    expect(new Set(replies.map(({ body }) => body.refreshToken)).size).toBe(1);
  });
});
