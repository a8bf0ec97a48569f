import { authSubjects, DeviceLogInView } from '@hark/contracts';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { openDeviceLogIn } from '../testing/device-log-in.fixture';

describe('which browser waits to be logged in', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  it('is shown to the person who types its code, with what it is and from where', async () => {
    const { userCode } = await openDeviceLogIn(auth);
    const asked = { userCode: userCode.toLowerCase() };
    const { body } = await ann.ask<DeviceLogInView>(authSubjects.getDeviceLogIn, asked);
    expect(body).toMatchObject({ userCode, device: 'Chrome 131, Windows', place: '203.0.113.0/24' });
    expect(await auth.refusal(authSubjects.getDeviceLogIn, asked)).toBe('session.required');
  });

  it('is nobody’s to see once it is decided, or over', async () => {
    const decided = { userCode: (await openDeviceLogIn(auth)).userCode };
    await ann.ask(authSubjects.approveDeviceLogIn, decided);
    expect(await ann.refusal(authSubjects.getDeviceLogIn, decided)).toBe('device-log-in.unknown');
    const over = { userCode: (await openDeviceLogIn(auth)).userCode };
    auth.passTime(600_000);
    expect(await ann.refusal(authSubjects.getDeviceLogIn, over)).toBe('device-log-in.unknown');
  });
});
