import { Actors } from '../demo/actors';
import { call, expecting, Json } from '../demo/http';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { seen } from '../demo/wait';
import { HubProcess } from './hub-process';

const testTimeoutMs = 120_000;
/** The lease of a leader that was killed runs out first. */
const deliveredWithinMs = 45_000;

/** Somebody with a phone who has bound an app. */
interface Reader {
  readonly key: string;
  readonly deviceKey: string;
}

describe('a push whose provider hiccuped', () => {
  let home: HubHome;
  beforeEach(async () => void (home = await hubHome()));
  afterEach(() => home.remove());

  const actorsOn = ({ url, sandboxUrl }: HubProcess) => new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });

  async function reader(actors: Actors): Promise<Reader> {
    const { token } = await actors.logIn(actors.newOpenid());
    const app = expecting(await actors.hub('POST', '/v1/apps', { token, body: { name: '派单系统' } }), 201);
    const deviceKey = await actors.addPhone(token);
    const body = { appId: app.body.app?.id, openid: 'reader' };
    const bound = expecting(await actors.hub('POST', '/v1/bindings', { token, body }), 201);
    return { key: String(bound.body.key), deviceKey };
  }

  /** A push that the phone's server answers with 500, once it has been put off. */
  async function putOff(actors: Actors, { key, deviceKey }: Reader): Promise<string> {
    const fault = { provider: 'bark', mode: 'error', match: deviceKey, times: 1 };
    expecting(await call(actors.stage.sandboxUrl, 'POST', '/control/faults', { body: fault }), 200);
    const pushed = await actors.hub('POST', '/v1/pushes', { token: key, body: { title: '工单', body: '已派单' } });
    const pushId = String(expecting(pushed, 202).body.id);
    await seen('the push is put off', async () => {
      const { body } = await actors.hub('GET', `/v1/pushes/${pushId}`, { token: key });
      const deferred = (body.timeline as unknown as Json[]).find(
        ({ event }) => event === ('delivery.deferred' as never),
      );
      if (!deferred) return undefined;
      expect(body.status).toBe('delivering');
      expect(deferred).toMatchObject({ channel: 'bark', detail: 'TRANSIENT', retryAt: expect.any(String) as string });
      return deferred;
    });
    return pushId;
  }

  const delivered = (actors: Actors, { key }: Reader, pushId: string) =>
    seen(
      'the push is delivered',
      async () => {
        const { body } = await actors.hub('GET', `/v1/pushes/${pushId}`, { token: key });
        return String(body.status) === 'delivered' ? true : undefined;
      },
      deliveredWithinMs,
    );

  it(
    'is delivered, once, by the hub that is started after a kill -9',
    async () => {
      const first = await home.start();
      const to = await reader(actorsOn(first));
      const pushId = await putOff(actorsOn(first), to);
      await first.kill();
      const second = actorsOn(await home.start());
      await delivered(second, to, pushId);
      expect(await second.phoneNow(to.deviceKey)).toBe(1);
    },
    testTimeoutMs,
  );

  it(
    'is delivered, once, where every service is a process of its own',
    async () => {
      const actors = actorsOn(await home.start('--split'));
      const to = await reader(actors);
      const before = await actors.phoneNow(to.deviceKey);
      const pushId = await putOff(actors, to);
      await delivered(actors, to, pushId);
      expect(await actors.phoneNow(to.deviceKey)).toBe(before + 1);
    },
    testTimeoutMs,
  );
});
