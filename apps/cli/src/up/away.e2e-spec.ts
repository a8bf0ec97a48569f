import { doorTo, freshDatabase, until } from '@hark/testing';
import { Actors } from '../demo/actors';
import { call } from '../demo/http';
import { hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, inboxOf } from '../demo/load.fixture';

const testTimeoutMs = 120_000;

describe('a hub whose Postgres goes away', () => {
  it(
    'goes on taking pushes, answers 503 with Retry-After where it needs it, and catches up when it is back',
    async () => {
      const database = await freshDatabase();
      const door = await doorTo(database.url);
      const home = await hubHome({ DATABASE_URL: door.url });
      try {
        const hub = await home.start();
        const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
        const [reader, leaver] = await bindReaders(actors, 2);
        const bindingOf = async () => {
          const { body: list } = await actors.hub('GET', '/v1/bindings', { token: leaver!.token });
          return (list.items as unknown as { id: string }[] | undefined)?.[0]?.id;
        };
        const bindingId = await until(bindingOf, { what: 'the binding is listed' });
        const { token, key } = reader!;
        const push = (body: string) => call(hub.url, 'POST', '/v1/pushes', { token: key, body: { body } });
        // Whom intake has sealed for before, it can go on sealing for.
        expect((await push('停电前')).status).toBe(202);
        await door.shut();

        const pushed = await push('停电时');
        expect(pushed.status).toBe(202);
        const asked: [string, string, object?][] = [
          ['GET', '/v1/inbox'],
          ['GET', '/v1/bindings'],
          ['POST', '/v1/apps', { name: '停电', wechatAppId: 'wx1234567890abcdef' }],
          ['POST', '/v1/bindings', { wechatAppId: 'wx1234567890abcdef', appName: '停电', openid: 'o-1' }],
        ];
        for (const [method, path, body] of asked) {
          const response = await fetch(hub.url + path, {
            method,
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            ...(body && { body: JSON.stringify(body) }),
          });
          // A write that needs no key it does not know yet may go through; nothing may be our fault.
          expect([method, path, response.status]).toEqual([method, path, 503]);
          expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
          expect(await response.json()).toMatchObject({ code: 'service.unavailable' });
        }
        // Nothing of a withdrawal waits for what has to be decrypted.
        const withdrawn = await actors.hub('DELETE', `/v1/bindings/${bindingId}`, { token: leaver!.token });
        expect(withdrawn.status).toBe(204);
        const refused = await call(hub.url, 'POST', '/v1/pushes', { token: leaver!.key, body: { body: '解绑后' } });
        expect([refused.status, refused.body.code]).toEqual([410, 'binding.ended']);
        await door.open();
        const filed = async () => (await inboxOf(actors, reader!)).includes(String(pushed.body.id));
        await until(filed, { what: 'the push of the outage is in the inbox' });
      } finally {
        await home.remove();
        await door.close();
        await database.close();
      }
    },
    testTimeoutMs,
  );
});
