import { until } from '@hark/testing';
import { HubProcess } from '../up/hub-process';
import { Actors } from './actors';
import { call, expecting } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';
import { Step, story } from './story';

/** What the tests read of a page of the inbox. */
interface Inbox {
  readonly unread: number;
  readonly items: readonly {
    readonly body: string;
    readonly threadState?: { readonly messages: number; readonly steps: readonly { readonly label: string }[] };
  }[];
}

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
])('the main job, %s', (_, args) => {
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

  // One hub is enough for these.
  const once = args.length === 0 ? it : it.skip;
  once(
    'scenario 1: A files a ticket with B, who sends C; each of them follows its six steps in one thread',
    async () => {
      const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
      const steps = ['已派单', '已出发', '已到达', '已处理', '待评价', '已结单'];
      const people = await Promise.all(
        ['customer-A', 'dispatcher-B', 'engineer-C'].map(async (openid) => {
          const { token } = await actors.logIn(actors.newOpenid());
          return { openid, token, deviceKey: await actors.addPhone(token) };
        }),
      );
      const body = { name: '维修派单' };
      const app = expecting(await actors.hub('POST', '/v1/apps', { token: people[1]!.token, body }), 201);
      const keys = new Map<string, string>();
      for (const { openid, token } of people) {
        const binding = { appId: app.body.app?.id, openid };
        const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body: binding }), 201);
        keys.set(openid, String(bound.body.key));
      }
      const tell = async (index: number) => {
        const step = { index, of: steps.length, label: steps[index - 1] };
        const text = { title: '工单 1024', thread: 'ticket-1024', step };
        const pushes = people.map(({ openid }) => ({
          ...text,
          openid,
          key: keys.get(openid),
          body: `${openid}:${steps[index - 1]}`,
        }));
        const told = await actors.hub('POST', '/v1/pushes/batch', { token: String(app.body.secret), body: { pushes } });
        expect(expecting(told, 200).body.results).toMatchObject(people.map(() => ({ status: 'accepted' })));
      };
      const folded = async (token: string) =>
        ((await actors.hub('GET', '/v1/inbox?folded=true', { token })).body as unknown as Inbox).items;
      const stands = async (token: string, messages: number) => {
        await until(async () => (await folded(token))[0]?.threadState?.messages === messages, {
          what: `${messages} messages in the thread`,
        });
        // Rows are read before the states of their threads, which may be newer; another look has both.
        return folded(token);
      };
      for (let index = 1; index <= steps.length; index += 1) await tell(index);
      for (const { openid, token, deviceKey } of people) {
        const items = await stands(token, 6);
        expect(items).toHaveLength(1);
        expect(items[0]).toMatchObject({
          body: `${openid}:已结单`,
          threadState: { unread: 6, step: { index: 6, of: 6, label: '已结单' } },
        });
        expect(items[0]!.threadState!.steps.map(({ label }) => label)).toEqual(steps);
        // The challenge of the phone, and one for each step: C need not have opened anything.
        expect(await actors.phone(deviceKey, 7)).toHaveLength(7);
      }
      // The second step once more, long after the ticket was closed.
      await tell(2);
      for (const { openid, token } of people) {
        expect(await stands(token, 7)).toMatchObject([
          { body: `${openid}:已结单`, threadState: { unread: 7, step: { index: 6 } } },
        ]);
        const { items } = (await actors.hub('GET', '/v1/inbox?thread=ticket-1024', { token })).body as unknown as Inbox;
        expect(items.map((item) => item.body)).toEqual(
          ['已出发', ...steps.toReversed()].map((label) => `${openid}:${label}`),
        );
      }
    },
  );

  once('scenario 5: 免打扰, so the phone is silent and the inbox fills', async () => {
    const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
    const { token } = await actors.logIn(actors.newOpenid());
    const deviceKey = await actors.addPhone(token);
    const app = expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: '群聊' } }), 201);
    const binding = { appId: app.body.app?.id, openid: 'quiet' };
    const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body: binding }), 201);
    const path = `/v1/bindings/${String((bound.body.binding as unknown as { id: string }).id)}`;
    const key = String(bound.body.key);
    const push = async (body: string) =>
      String(expecting(await actors.hub('POST', '/v1/pushes', { token: key, body: { body } }), 202).body.id);
    expecting(await actors.hub('PATCH', path, { token, body: { muted: true } }), 200);
    const silent = [await push('一'), await push('二'), await push('三')];
    for (const pushId of silent) {
      expect(await actors.pushWithStatus(key, pushId, ['inbox-only'])).toMatchObject({ reason: 'muted' });
      expect(await actors.inboxItem(token, pushId)).toMatchObject({ why: { reason: 'muted' } });
    }
    const { unread } = (await actors.hub('GET', '/v1/inbox', { token })).body as unknown as Inbox;
    expect([unread, await actors.phoneNow(deviceKey)]).toEqual([3, 1]);
    expecting(await actors.hub('PATCH', path, { token, body: { muted: false } }), 200);
    await actors.pushWithStatus(key, await push('四'), ['delivered']);
    expect(await actors.phoneNow(deviceKey)).toBe(2);
  });

  it('stops cleanly when it is asked to', async () => {
    expect(await hub.stop()).toBe(0);
  });
});
