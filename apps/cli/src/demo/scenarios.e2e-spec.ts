import { randomBytes } from 'node:crypto';
import { until } from '@hark/testing';
import { HubProcess } from '../up/hub-process';
import { Actors } from './actors';
import { expecting } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';

/** What the tests read of a page of the inbox. */
interface Inbox {
  readonly unread: number;
  readonly items: readonly {
    readonly body: string;
    readonly threadState?: { readonly messages: number; readonly steps: readonly { readonly label: string }[] };
  }[];
}

// Scenario 6 is played by the demo (story.e2e-spec); 2, 3 and 7 need a clock that goes on (../up/clock.e2e-spec).
describe('the scenarios that the product comes from', () => {
  let home: HubHome;
  let hub: HubProcess;
  let actors: Actors;
  beforeAll(async () => {
    home = await hubHome();
    hub = await home.start();
    actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
  });
  afterAll(() => home.remove());

  it('scenario 1: A files a ticket with B, who sends C; each of them follows its six steps in one thread', async () => {
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
  });

  it('scenario 4: Hacker密码, which nobody registered, binds by extraData and pushes with {key, openid}', async () => {
    const { token } = await actors.logIn(actors.newOpenid());
    const deviceKey = await actors.addPhone(token);
    // What the mini program hands over: its WeChat appId, the name it says, and whom it means.
    const handedOver = {
      wechatAppId: `wx${randomBytes(8).toString('hex')}`,
      appName: 'Hacker密码',
      openid: 'hacker-1',
    };
    const { body: bound } = expecting(await actors.hub('POST', '/v1/bindings', { token, body: handedOver }), 201);
    expect(bound).toMatchObject({ key: expect.stringMatching(/^hk_/), bind: true, errMsg: '' });
    expect(bound.binding).toMatchObject({ app: { name: 'Hacker密码', verified: false, nameBy: 'caller' } });
    const key = String(bound.key);
    const send = (openid: string) =>
      actors.hub('POST', '/v1/pushes', { body: { key, openid, title: 'Hacker密码', body: '密码已更新' } });
    const { body: pushed } = expecting(await send('hacker-1'), 202);
    await actors.pushWithStatus(key, String(pushed.id), ['delivered']);
    expect((await actors.phone(deviceKey, 2)).at(-1)).toMatchObject({ body: '密码已更新' });
    expect(await actors.inboxItem(token, String(pushed.id))).toMatchObject({ body: '密码已更新' });
    // The key reaches whom it was given for, and nobody else.
    expecting(await send('hacker-2'), 404, 'binding.unknown');
    expect(await actors.phoneNow(deviceKey)).toBe(2);
  });

  it('scenario 5: 免打扰, so the phone is silent and the inbox fills', async () => {
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
});
