import { authSubjects } from '@hark/contracts';
import { idempotent, refused, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';
import { browser, openDeviceLogIn, pollDeviceLogIn } from '../testing/device-log-in.fixture';

describe('a browser that asks to be logged in', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const idOf = (deviceCode: string) => {
    const hex = deviceCode.split('_')[1]!;
    return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join('-');
  };

  it('is told where its person decides it, and when to ask', async () => {
    const opened = await openDeviceLogIn(auth);
    expect(opened).toMatchObject({ verificationUri: 'https://hark.example/device', expiresIn: 600, interval: 5 });
    expect(opened.verificationUriComplete).toBe(`https://hark.example/device?code=${opened.userCode}`);
    expect(opened.qr).toContain('<svg');
  });

  it('has ten minutes, after which what was known of it is destroyed', async () => {
    const { deviceCode, userCode } = await openDeviceLogIn(auth);
    const stored = JSON.stringify(await auth.events('device_log_in', idOf(deviceCode)));
    expect(stored).toContain('device_log_in.opened');
    expect(stored).not.toMatch(/203\.0\.113|Chrome|W[A-Z]{3}-/);
    auth.passTime(600_000);
    expect((await refused(pollDeviceLogIn(auth, deviceCode))).code).toBe('session.challenge-over');
    expect(await ann.refusal(authSubjects.approveDeviceLogIn, { userCode })).toBe('device-log-in.unknown');
    const ended = async () => (await auth.types('device_log_in', idOf(deviceCode))).includes('expired');
    await until(ended, { what: 'the log-in has expired' });
  });

  it('begins one log-in under one Idempotency-Key', async () => {
    const meta = { ...browser, ...idempotent() };
    const first = await openDeviceLogIn(auth, meta);
    expect(await openDeviceLogIn(auth, meta)).toEqual(first);
    expect((await openDeviceLogIn(auth)).userCode).not.toBe(first.userCode);
  });
});
