import { until } from '@hark/testing';
import { familyUsage } from '../bench/usage';
import { Actors } from '../demo/actors';
import { call } from '../demo/http';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, inboxOf } from '../demo/load.fixture';
import { readRunFile } from './run-file';
import { readSettings } from './settings';

const testTimeoutMs = 120_000;
const pushesEach = 8;

describe('a hub with two processes of intake and of delivery', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome()));
  afterAll(() => home.remove());

  it(
    'goes on when one of each is killed, and has two again',
    async () => {
      const hub = await home.start('--split', '--replicas', 'intake=2,delivery=2');
      const pidsOf = (service: string) => familyUsage(hub.pid, 'hub').find(({ name }) => name === service)?.pids ?? [];
      expect([pidsOf('intake').length, pidsOf('delivery').length, pidsOf('auth').length]).toEqual([2, 2, 1]);
      const { healthUrl } = readRunFile(readSettings(home.env));
      const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
      for (const replica of ['delivery-1', 'delivery-2'])
        expect(metrics).toMatch(new RegExp(`^hark_reactions_processed_total\\{.*replica="${replica}"\\} \\d+$`, 'm'));

      const actors = new Actors({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid });
      const [reader] = await bindReaders(actors, 1);
      const accepted: string[] = [];
      const push = async (): Promise<boolean> => {
        const { status, body } = await call(hub.url, 'POST', '/v1/pushes', {
          token: reader!.key,
          body: { body: '在' },
        });
        if (status === 202) accepted.push(String(body.id));
        return status === 202;
      };
      for (let sent = 0; sent < pushesEach; sent += 1) expect(await push()).toBe(true);
      for (const service of ['intake', 'delivery']) process.kill(pidsOf(service)[0]!, 'SIGKILL');
      // Only a request that was with the killed one may be refused.
      while (accepted.length < 2 * pushesEach) await until(push, { what: 'a push is accepted' });
      await until(async () => (await inboxOf(actors, reader!)).length === accepted.length, { what: 'all are filed' });
      expect((await inboxOf(actors, reader!)).sort()).toEqual(accepted.sort());
      const ready = async () => (await fetch(`${healthUrl}/readyz`)).ok;
      await until(ready, { what: 'all replicas are back', deadlineMs: 30_000 });
      expect([pidsOf('intake').length, pidsOf('delivery').length]).toEqual([2, 2]);
    },
    testTimeoutMs,
  );
});
