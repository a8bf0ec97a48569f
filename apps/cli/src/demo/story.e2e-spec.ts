import { until } from '@hark/testing';
import { HubProcess } from '../up/hub-process';
import { Actors } from './actors';
import { call, expecting } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';
import { Step, story } from './story';

/** Nothing answers there: what goes to a proxy of the shell fails. */
const proxies = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'grpc_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [
    name,
    'http://127.0.0.1:1',
  ]),
);

describe.each([
  ['in one process, in a shell with proxies', []],
  ['with a process per service, in a shell with proxies', ['--split']],
])('the main job, scenario 6 (投诉) in it, %s', (_, args) => {
  let home: HubHome;
  let hub: HubProcess;
  let steps: readonly Step[];

  beforeAll(async () => {
    home = await hubHome(proxies);
    hub = await home.start(...args);
    steps = story({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
  });
  afterAll(() => home.remove());

  // The names must be known before the hub runs; they do not depend on it.
  const names = story({ hubUrl: '', sandboxUrl: '', operatorOpenid }).map(({ name }) => name);
  it.each(names.map((name, index) => [name, index] as const))('%s', async (_name, index) => {
    expect(await steps[index]!.play()).not.toBe('');
  });

  it('answers a repeated log-in the same, and takes its session no more within five seconds of signing out', async () => {
    const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const minted = await call(hub.sandboxUrl, 'POST', '/control/wechat/codes', {
      body: { openid: actors.newOpenid() },
    });
    const body = { provider: 'wechat', code: minted.body.code };
    const headers = { 'idempotency-key': 'log-in-1' };
    const [first, again] = [
      expecting(await actors.hub('POST', '/v1/sessions', { body, headers }), 201),
      expecting(await actors.hub('POST', '/v1/sessions', { body, headers }), 201),
    ];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const token = String(first.body.accessToken);
    expecting(await actors.hub('GET', '/v1/inbox', { token }), 200);
    expecting(await actors.hub('DELETE', '/v1/sessions/current', { token }), 204);
    await until(async () => (await actors.hub('GET', '/v1/inbox', { token })).status === 401, {
      what: 'the session is refused',
    });
  });

  it('lets an admin make an operator, and take that back, in force within five seconds', async () => {
    const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const openid = actors.newOpenid();
    const [admin, user] = [await actors.logIn(operatorOpenid), await actors.logIn(openid)];
    const roles = `/v1/ops/users/${user.userId}/roles`;
    expecting(await actors.hub('POST', roles, { token: user.token, body: { role: 'admin' } }), 403, 'role.required');
    expecting(await actors.hub('POST', roles, { token: admin.token, body: { role: 'operator' } }), 200);
    const operator = await actors.logIn(openid);
    const queue = () => actors.hub('GET', '/v1/ops/complaints', { token: operator.token });
    expecting(await queue(), 200);
    expecting(await actors.hub('DELETE', `${roles}/operator`, { token: admin.token }), 200);
    await until(async () => (await queue()).status === 401, { what: 'the role is gone' });
    expect((await actors.logIn(openid)).roles).toEqual(['user']);
  });

  it('stops cleanly when it is asked to', async () => {
    expect(await hub.stop()).toBe(0);
  });
});
