import { EventStore } from '@hark/eventstore';
import { TempStore, tempStore, until } from '@hark/testing';
import { Actors } from './actors';
import { expecting } from './http';
import { HubHome, hubHome, operatorOpenid } from './hub.fixture';

const testTimeoutMs = 120_000;
const traceOf = (digit: string) => `00-${digit.repeat(32)}-${'b'.repeat(16)}-01`;

describe('a trace that a request comes with', () => {
  let server: TempStore;
  let store: EventStore;
  let home: HubHome;
  let actors: Actors;
  beforeAll(async () => {
    server = await tempStore();
    store = EventStore.connect(server.url);
    home = await hubHome({ EVENTSTORE_URL: server.url });
    const { url, sandboxUrl } = await home.start();
    actors = new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });
  }, testTimeoutMs);
  afterAll(async () => {
    await home.remove();
    await store.close();
    await server.close();
  });

  const send = async (token: string, path: string, body: object, traceparent: string, status: number) =>
    expecting(await actors.hub('POST', path, { token, body, headers: { traceparent } }), status).body;
  const traces = async (category: string, id: string) =>
    (await store.read(category, id)).map(({ event, metadata }) => [event.type, metadata.traceparent]);

  it(
    'goes with all that follows from it, as far as the inbox and the penalty',
    async () => {
      const [owner, user, operator] = [
        await actors.logIn(actors.newOpenid()),
        await actors.logIn(actors.newOpenid()),
        await actors.logIn(operatorOpenid),
      ];
      const [registering, pushing, upholding] = ['1', '2', '3'].map(traceOf) as [string, string, string];
      const { app, secret } = await send(owner.token, '/v1/apps', { name: 'Traced' }, registering, 201);
      const asked = { appId: app!.id, openid: 'o-1' };
      const { key } = expecting(await actors.hub('POST', '/v1/bindings', { token: user.token, body: asked }), 201).body;
      const shown = { key, openid: 'o-1', body: 'x' };
      const { id: pushId } = await send(String(secret), '/v1/pushes', shown, pushing, 202);
      await actors.inboxItem(user.token, String(pushId));
      expect((await traces('delivery', String(pushId))).slice(0, 2)).toEqual([
        ['delivery.decided', pushing],
        ['delivery.filed', pushing],
      ]);
      await until(async () => (await traces('standing', owner.userId)).length, { what: 'the standing is open' });
      const complaint = { inboxItemId: pushId, reason: 'spam' };
      const { id } = expecting(
        await actors.hub('POST', '/v1/complaints', { token: user.token, body: complaint }),
        201,
      ).body;
      await send(operator.token, `/v1/ops/complaints/${id}/uphold`, { severity: 'minor' }, upholding, 200);
      expect(await traces('standing', owner.userId)).toEqual([
        ['standing.opened', registering],
        ['standing.penalized', upholding],
      ]);
    },
    testTimeoutMs,
  );
});
