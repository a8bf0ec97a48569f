import { authSubjects, DeviceLogInView, MeView, OpenedDeviceLogIn, SessionReply } from '@hark/contracts';
import { RpcOptions } from '@hark/nats';
import { idempotent, refused, until } from '@hark/testing';
import { AuthWorld, Somebody } from '../testing/auth-world.fixture';

const publicUrl = 'https://hark.example/';
const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';
const browser = { client: { address: '203.0.113.7', userAgent } };

describe('logging a browser in by scanning', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  let ben: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    [ann, ben] = [await auth.somebody('ann'), await auth.somebody('ben')];
  });
  afterAll(() => auth.close());

  const open = async (meta: RpcOptions = browser) =>
    (await auth.ask<OpenedDeviceLogIn>(authSubjects.openDeviceLogIn, { publicUrl }, meta)).body;
  const poll = (deviceCode: string, meta: RpcOptions = browser) =>
    auth.ask<SessionReply>(authSubjects.logInByDevice, { provider: 'device', deviceCode }, meta);
  const refusal = async (deviceCode: string, meta: RpcOptions = browser) => refused(poll(deviceCode, meta));
  const look = async (who: Somebody, userCode: string) =>
    (await who.ask<DeviceLogInView>(authSubjects.getDeviceLogIn, { userCode })).body;
  const idOf = (deviceCode: string) => {
    const hex = deviceCode.split('_')[1]!;
    return [8, 12, 16, 20, 32].map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end)).join('-');
  };

  it('shows the person which browser it is, and has a session of theirs once they agree', async () => {
    const opened = await open();
    expect(opened).toMatchObject({ verificationUri: 'https://hark.example/device', expiresIn: 600, interval: 5 });
    expect(opened.verificationUriComplete).toBe(`https://hark.example/device?code=${opened.userCode}`);
    expect(opened.qr).toContain('<svg');
    expect(await look(ann, opened.userCode.toLowerCase())).toMatchObject({
      userCode: opened.userCode,
      device: 'Chrome 131, Windows',
      place: '203.0.113.0/24',
    });
    expect((await refusal(opened.deviceCode)).code).toBe('session.authorization-pending');
    await ann.ask(authSubjects.approveDeviceLogIn, { userCode: opened.userCode });
    const { body } = await poll(opened.deviceCode);
    expect(body.user.id).toBe(ann.id);
    const me = await auth.ask<MeView>(
      authSubjects.getMe,
      {},
      { caller: { kind: 'user', userId: body.user.id, roles: ['user'] } },
    );
    expect(me.body.id).toBe(ann.id);
    // Its answer may have been lost: the same browser finds it again, and no other.
    expect((await poll(opened.deviceCode)).body.refreshToken).toBe(body.refreshToken);
    const thief = { client: { address: '198.51.100.9', userAgent: 'curl/8' } };
    expect((await refusal(opened.deviceCode, thief)).code).toBe('session.challenge-over');
    expect(await ann.refusal(authSubjects.getDeviceLogIn, { userCode: opened.userCode })).toBe('device-log-in.unknown');
  });

  it('tells a browser that asks too often to wait', async () => {
    const { deviceCode } = await open();
    // The few seconds are not over, however slow the machine.
    await auth.whileTimeStands(async () => {
      expect((await refusal(deviceCode)).code).toBe('session.authorization-pending');
      const { code, detail } = await refusal(deviceCode);
      expect([code, detail.extra]).toEqual(['session.slow-down', { retryAfter: 5 }]);
      auth.passTime(5_000);
      expect((await refusal(deviceCode)).code).toBe('session.authorization-pending');
    });
  });

  it('ends with a no, and nobody decides it after somebody has', async () => {
    const { deviceCode, userCode } = await open();
    await ann.ask(authSubjects.declineDeviceLogIn, { userCode });
    await ann.ask(authSubjects.declineDeviceLogIn, { userCode });
    expect((await refusal(deviceCode)).code).toBe('session.declined');
    expect(await ben.refusal(authSubjects.approveDeviceLogIn, { userCode })).toBe('device-log-in.settled');
    expect(await ann.refusal(authSubjects.approveDeviceLogIn, { userCode: 'no code' })).toBe('device-log-in.unknown');
  });

  it('has one winner when two people decide at once, and starts one session', async () => {
    const { deviceCode, userCode } = await open();
    const asked = [ann, ben].map((who) => who.ask(authSubjects.approveDeviceLogIn, { userCode }));
    const ends = await Promise.allSettled(asked);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const replies = await Promise.all(Array.from({ length: 10 }, () => poll(deviceCode)));
    expect(new Set(replies.map(({ body }) => body.refreshToken)).size).toBe(1);
  });

  it('is over after ten minutes, and what was known of the browser is destroyed', async () => {
    const { deviceCode, userCode } = await open();
    const stored = JSON.stringify(await auth.events('device_log_in', idOf(deviceCode)));
    expect(stored).not.toMatch(/203\.0\.113|Chrome|W[A-Z]{3}-/);
    auth.passTime(600_000);
    expect((await refusal(deviceCode)).code).toBe('session.challenge-over');
    expect(await ann.refusal(authSubjects.approveDeviceLogIn, { userCode })).toBe('device-log-in.unknown');
    const ended = async () => (await auth.types('device_log_in', idOf(deviceCode))).includes('expired');
    await until(ended, { what: 'the log-in has expired' });
  });

  it('under one Idempotency-Key is one log-in', async () => {
    const meta = { ...browser, ...idempotent() };
    const first = await open(meta);
    expect(await open(meta)).toEqual(first);
    expect((await open()).userCode).not.toBe(first.userCode);
  });
});
