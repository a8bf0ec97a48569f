import { randomBytes } from 'node:crypto';
import { Actors } from './actors';
import { expecting, HttpCall, Json } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';

const testTimeoutMs = 120_000;

describe('somebody who claims what is not theirs', () => {
  let home: HubHome;
  let actors: Actors;
  beforeAll(async () => {
    home = await hubHome();
    const { url, sandboxUrl } = await home.start();
    actors = new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });
  }, testTimeoutMs);
  afterAll(() => home.remove());

  const user = async () => (await actors.logIn(actors.newOpenid())).token;
  const register = async (body: object = {}) => {
    const answer = await actors.hub('POST', '/v1/apps', {
      token: await user(),
      body: { name: `Tickets ${randomBytes(3).toString('hex')}`, ...body },
    });
    const { app, secret } = expecting(answer, 201).body;
    return { appId: String(app?.id), secret: String(secret), app: app! };
  };
  const bind = async (token: string, body: object) => {
    const answer = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
    return { id: String(answer.body.binding?.id), key: String(answer.body.key), app: answer.body.binding!.app! };
  };
  const push = (request: HttpCall) => actors.hub('POST', '/v1/pushes', request);
  const bodiesOf = async (token: string): Promise<unknown[]> =>
    ((await actors.hub('GET', '/v1/inbox', { token })).body.items as unknown as Json[]).map(({ body }) => body);
  const accepted = async (to: string, request: HttpCall) =>
    actors.inboxItem(to, String(expecting(await push(request), 202).body.id));

  it(
    'under another’s openid reads nothing that the app means for that one, and learns nothing of them',
    async () => {
      const { appId, secret } = await register();
      const [eve, alice] = [await user(), await user()];
      const evil = await bind(eve, { appId, openid: 'tenant-42' });
      const asked = { token: secret, body: { openid: 'tenant-42', body: '给 Alice 的' } };
      const refused = expecting(await push(asked), 403, 'binding.unconfirmed');
      expect(String(refused.body.detail)).toContain(`/v1/apps/${appId}/bindings`);

      const good = await bind(alice, { appId, openid: 'tenant-42' });
      expecting(await push(asked), 403, 'binding.unconfirmed');
      // The app knows Alice's key from its own page, shows it once with its secret, and needs it no more.
      const first = { token: secret, body: { key: good.key, openid: 'tenant-42', body: '给 Alice 的第一条' } };
      await accepted(alice, first);
      await accepted(alice, asked);

      const list = expecting(await actors.hub('GET', `/v1/apps/${appId}/bindings`, { token: secret }), 200);
      expect(list.body.items).toMatchObject([
        { bindingId: good.id, openid: 'tenant-42', confirmed: true, status: 'active' },
        { bindingId: evil.id, openid: 'tenant-42', confirmed: false, status: 'active' },
      ]);
      const path = `/v1/apps/${appId}/bindings/${evil.id}`;
      const confirm = { token: secret, body: { openid: 'tenant-42' } };
      expecting(await actors.hub('POST', `${path}/confirm`, confirm), 409, 'binding.openid-taken');
      // Until she is refused, her key is good for herself.
      await accepted(eve, { token: evil.key, body: { body: '自己给自己' } });
      expecting(await actors.hub('POST', `${path}/refuse`, { token: secret }), 200);
      expecting(await push({ token: evil.key, body: { body: 'x' } }), 410, 'binding.ended');
      expect(await bodiesOf(eve)).toEqual(['自己给自己']);
      expect(await bodiesOf(alice)).toEqual(['给 Alice 的', '给 Alice 的第一条']);
    },
    testTimeoutMs,
  );

  it(
    'as the owner of another’s mini program keeps nobody out and meets none of its users',
    async () => {
      const wechatAppId = `wx${randomBytes(8).toString('hex')}`;
      const [squatter, owner] = [await register({ wechatAppId }), await register({ wechatAppId })];
      for (const { app } of [squatter, owner]) expect(app).toMatchObject({ wechatAppId, wechatAppIdProven: false });
      const alice = await user();
      const { id, app } = await bind(alice, { wechatAppId, appName: '某小程序', openid: 'o-1' });
      expect(app).toMatchObject({ name: '某小程序', verified: false });
      const seen = expecting(await actors.hub('GET', `/v1/apps/${app.id}/public`), 200);
      expect(seen.body).toMatchObject({ name: wechatAppId, verified: false });
      const token = squatter.secret;
      const listed = expecting(await actors.hub('GET', `/v1/apps/${squatter.appId}/bindings`, { token }), 200);
      expect(listed.body.items).toEqual([]);
      expecting(await actors.hub('GET', `/v1/apps/${app.id}/bindings`, { token }), 404, 'app.unknown');
      expecting(await push({ token, body: { openid: 'o-1', body: 'x' } }), 404, 'binding.unknown');
      const confirm = { token, body: { openid: 'o-1' } };
      const path = `/v1/apps/${squatter.appId}/bindings/${id}/confirm`;
      expecting(await actors.hub('POST', path, confirm), 404, 'binding.unknown');
    },
    testTimeoutMs,
  );

  it(
    'as a name of somebody else’s is refused, in the words of the hub’s own moderation too',
    async () => {
      const token = await user();
      for (const name of ['微信支付', 'Hark 官方', '✓ Verified', 'Аррӏе']) {
        expecting(await actors.hub('POST', '/v1/apps', { token, body: { name } }), 422, 'app.name-confusable');
      }
      for (const name of ['\u3164', '\ufdfa'.repeat(3)]) {
        expecting(await actors.hub('POST', '/v1/apps', { token, body: { name } }), 400, 'request.invalid');
      }
      expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: '代开发票' } }), 422, 'app.name-refused');
      const described = { name: '发票夹', description: '代开发票 加微信abc' };
      expecting(await actors.hub('POST', '/v1/apps', { token, body: described }), 422, 'app.text-refused');
    },
    testTimeoutMs,
  );
});
