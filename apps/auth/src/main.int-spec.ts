import { authSubjects } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { HarkError, uuid7 } from '@hark/kernel';
import { start } from './main';
import { AuthWorld, Somebody } from './testing/auth-world.fixture';

describe('the service', () => {
  let auth: AuthWorld;
  let ann: Somebody;
  beforeAll(async () => {
    auth = await AuthWorld.start();
    ann = await auth.somebody('ann');
  });
  afterAll(() => auth.close());

  const odd: unknown[] = [
    null,
    'text',
    7,
    true,
    [],
    [[]],
    {},
    { id: 1 },
    { bindingId: 'x' },
    { bindingId: uuid7(), until: 'tomorrow', level: 'loud', muted: 'yes', mutedUntil: 0, channels: [1] },
    { bindingId: uuid7(), level: null },
    { appId: '../user-1', openid: 'o' },
    { appId: uuid7(), openid: '' },
    { appId: uuid7(), openid: 'a\u0007b' },
    { wechatAppId: 'wx', appName: {}, openid: [] },
    { wechatAppId: 'wx0123456789abcdef', appName: '\u202e', openid: 'o' },
    { endpointId: uuid7(), code: 123456 },
    { endpointId: uuid7(), code: '123456' },
    { endpointId: `${uuid7()}\n`, code: '123456' },
    { kind: 'bark', deviceKey: { $ne: '' } },
    { kind: 'email', address: ['a@b.example'] },
    { kind: '__proto__', constructor: 1 },
    { kind: 'constructor' },
    { name: '' },
    { name: 'x'.repeat(10_000) },
    { name: 'x', redirectUris: ['javascript:alert(1)'] },
    { name: 'x', homepage: 'https://' },
    { refreshToken: '' },
    { refreshToken: `hrt_${'f'.repeat(32)}_${'-'.repeat(43)}` },
    { refreshToken: `hrt_${'0'.repeat(32)}_${'-'.repeat(43)}` },
    { provider: 'wechat', code: 'x'.repeat(600) },
    { provider: 'email', address: 'a@b.example' },
    { limit: '0', cursor: 'x' },
    { limit: 201 },
    { cursor: Buffer.from('["2026-13-99T00:00:00.000Z","x"]').toString('base64url') },
    { cursor: Buffer.from(`["2026-13-99T99:00:00.000Z","${uuid7()}"]`).toString('base64url') },
  ];
  const answersToEmpty: readonly string[] = [
    authSubjects.getMe,
    authSubjects.endSession,
    authSubjects.listApps,
    authSubjects.listBindings,
    authSubjects.listEndpoints,
    authSubjects.listEndpointKinds,
    authSubjects.listSessions,
    authSubjects.listReceiptKeys,
    authSubjects.getTotp,
    authSubjects.enrolTotp,
    // The person of this spec stays.
    authSubjects.eraseMe,
  ];
  /** What is odd elsewhere, and in its place here. */
  const fits = (subject: string, data: unknown): boolean =>
    (subject === authSubjects.sendLogInCode && JSON.stringify(data)?.includes('"provider":"email"')) ||
    (JSON.stringify(data) === '{}' && answersToEmpty.includes(subject));

  it.each(Object.values(authSubjects))(
    '%s answers every odd request with a typed refusal and stores nothing',
    async (subject) => {
      const before = (await auth.service.app.get(EventStore).read('user', ann.id)).length;
      for (const data of odd) {
        if (fits(subject, data)) continue;
        const code = await ann.refusal(subject, data);
        expect([subject, data, code]).not.toEqual([subject, data, 'hark.internal']);
        expect([subject, data, code]).not.toEqual([subject, data, 'request.timeout']);
      }
      expect((await auth.service.app.get(EventStore).read('user', ann.id)).length).toBe(before);
    },
  );

  it('stops at the start when a setting is wrong, and names it', async () => {
    const reasonOf = (settings: NodeJS.ProcessEnv) =>
      start({ ...auth.harness.env, ...settings }).then(
        () => 'started',
        (error: HarkError) => `${error.code} ${error.message}`,
      );
    expect(await reasonOf({ WECHAT_APP_ID: '' })).toMatch(/^config\.invalid .*WECHAT_APP_ID is not set/);
    for (const wrong of ['chief', 'email:nobody', 'email:', 'wechat:', 'wechat:a b', 'qq:1', 'email:A <a@b.example>']) {
      const reason = await reasonOf({ HARK_ADMINS: `wechat:a, ${wrong}` });
      expect(reason).toMatch(/^config\.invalid .*HARK_ADMINS must be .*; entry 2 is neither/);
    }
    expect(await reasonOf({ BARK_BASE_URL: 'ftp://x' })).toMatch(/^config\.invalid .*BARK_BASE_URL must begin/);
    expect(await reasonOf({ HARK_OUTBOUND_PROXY: 'socks5://x:1' })).toMatch(
      /^config\.invalid .*HARK_OUTBOUND_PROXY must begin/,
    );
    expect(await reasonOf({ SMTP_URL: undefined })).toMatch(/^config\.invalid .*SMTP_URL is not set/);
    expect(await reasonOf({ WECHAT_BASE_URL: 'secret-value' })).not.toContain('secret-value');
  });
});
