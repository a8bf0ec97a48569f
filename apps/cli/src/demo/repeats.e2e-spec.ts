import { randomUUID } from 'node:crypto';
import { HubProcess } from '../up/hub-process';
import { Actors } from './actors';
import { call, expecting, HttpAnswer, HttpCall } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';

const setUpTimeoutMs = 120_000;

/** A call that creates something, and another body under the same key. */
interface Creating {
  readonly token?: string;
  readonly body: object;
  readonly other: object;
  /** Nobody is known who could own the key of a call by anyone: there another body is another command. */
  readonly otherStatus?: number;
}

describe('a POST that creates, repeated under its Idempotency-Key', () => {
  let home: HubHome;
  let hub: HubProcess;
  let actors: Actors;
  const creating = new Map<string, Creating>();

  beforeAll(async () => {
    home = await hubHome();
    hub = await home.start();
    actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const { token } = await actors.logIn(actors.newOpenid());
    const openid = actors.newOpenid();
    const minted = await call(hub.sandboxUrl, 'POST', '/control/wechat/codes', { body: { openid } });
    const mini = { wechatAppId: 'wx5d3c1b9a7e2f4c68', appName: '快递通知', openid: 'o-repeat' };
    const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body: mini }), 201);
    const key = String(bound.body.key);
    const push = async () =>
      String(
        expecting(await actors.hub('POST', '/v1/pushes', { token: key, body: { body: '包裹已到' } }), 202).body.id,
      );
    const [received, another] = [await push(), await push()];
    await Promise.all([received, another].map((id) => actors.inboxItem(token, id)));
    const [phone, otherPhone] = [await actors.newPhone(), await actors.newPhone()];
    const login = { provider: 'wechat', code: minted.body.code };
    creating
      .set('POST /v1/sessions', { body: login, other: { ...login, code: 'another' }, otherStatus: 401 })
      .set('POST /v1/apps', { token, body: { name: '快递提醒' }, other: { name: '快递提醒二' } })
      .set('POST /v1/bindings', { token, body: { ...mini, openid: 'o-new' }, other: { ...mini, openid: 'o-newer' } })
      .set('POST /v1/endpoints', {
        token,
        body: { kind: 'bark', deviceKey: phone },
        other: { kind: 'bark', deviceKey: otherPhone },
      })
      .set('POST /v1/pushes', { token: key, body: { body: '第一' }, other: { body: '第二' } })
      .set('POST /v1/pushes/batch', {
        token: key,
        body: { pushes: [{ body: '第一' }, { body: '第二' }] },
        other: { pushes: [{ body: '第一' }] },
      })
      .set('POST /v1/complaints', {
        token,
        body: { inboxItemId: received, reason: 'spam' },
        other: { inboxItemId: another, reason: 'spam' },
      });
  }, setUpTimeoutMs);
  afterAll(() => home.remove());

  const names = ['sessions', 'apps', 'bindings', 'endpoints', 'pushes', 'pushes/batch', 'complaints'].map(
    (name) => `POST /v1/${name}`,
  );
  /** Repeats of these are shown in the specs of their handlers. */
  const elsewhere = [
    'PATCH /v1/pushes/{pushId}',
    'POST /v1/apps/{appId}/appeals',
    'POST /v1/apps/{appId}/callback-secret',
    'POST /v1/apps/{appId}/callbacks/test',
    'POST /v1/apps/{appId}/secret',
    'POST /v1/apps/{appId}/transfer/accept',
    'POST /v1/binding-requests',
    'POST /v1/binding-requests/{requestId}/approve',
    'POST /v1/bindings/exchange',
    'POST /v1/claims',
    'POST /v1/device-authorizations',
    'POST /v1/endpoints/{endpointId}/credits',
    'POST /v1/me/totp',
    'POST /v1/me/totp/confirm',
  ];
  const send = (call: string, { token }: Creating, body: object, key: string): Promise<HttpAnswer> => {
    const request: HttpCall = { body, headers: { 'idempotency-key': key }, ...(token !== undefined && { token }) };
    const [method, path] = call.split(' ') as [string, string];
    return actors.hub(method, path, request);
  };

  it('is each of those that the document says take one', async () => {
    const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters: { name: string }[] }>>;
    };
    const taking = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { parameters }]) => parameters.some(({ name }) => name === 'Idempotency-Key'))
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    );
    expect(taking.sort()).toEqual([...names, ...elsewhere].sort());
  });

  it.each(names)('%s answers the same once more, secrets too, and refuses another body', async (name) => {
    const one = creating.get(name)!;
    const key = randomUUID();
    const first = await send(name, one, one.body, key);
    expect(first.status).toBeLessThan(300);
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    const again = await send(name, one, one.body, key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await send(name, one, one.other, key);
    expect(other.status).toBe(one.otherStatus ?? 422);
    if (one.otherStatus === undefined) expect(other.body.code).toBe('idempotency.mismatch');
    expect((await send(name, one, one.body, key)).body).toEqual(first.body);
  });
});
