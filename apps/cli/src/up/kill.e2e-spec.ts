import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from '@hark/testing';
import { Actors } from '../demo/actors';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { batchesUntil, bindReaders, messagesOf, pushUntil, Reader, sendBatch, unreadOf } from '../demo/load.fixture';
import { HubProcess } from './hub-process';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'main.js');
/** HARK_ROUNDS=100 for the long run. */
const rounds = Number(process.env.HARK_ROUNDS ?? 2);
const readersCount = 6;
const lanes = 6;
const batchLanes = 2;
/** How long the load runs before everything is killed: different in every round, so the kill meets different work. */
const loadMs = [700, 1_100, 400, 900];
const filedDeadlineMs = 60_000 + rounds * 5_000;
const testTimeoutMs = 180_000 + rounds * 30_000;

describe('kill -9 of a whole hub under load', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome()));
  afterAll(() => home.remove());

  it(
    'keeps every push that was accepted, alone or in a batch, once, and rebuilds to the same tables',
    async () => {
      let hub: HubProcess = await home.start();
      const readers = await bindReaders(actorsOn(hub), readersCount);
      const accepted = new Map<Reader, string[]>(readers.map((reader) => [reader, []]));
      let repeated = 0;

      for (let round = 0; round < rounds; round += 1) {
        const stopping = new AbortController();
        const load = pushUntil(stopping.signal, hub.url, readers, lanes);
        const batches = batchesUntil(stopping.signal, hub.url, readers, batchLanes, accepted);
        // Not a wait for a condition: the load must have been running for a while when the kill comes.
        await pause(loadMs[round % loadMs.length]);
        await hub.kill();
        stopping.abort();
        for (const [reader, ids] of await load) accepted.get(reader)!.push(...ids);
        hub = await home.start();
        // Whatever of it was stored before the kill is found again by the key of the repeat.
        for (const batch of await batches) {
          repeated += 1;
          await until(() => sendBatch(hub.url, batch, accepted), { what: 'a batch that was cut off is answered' });
        }
      }

      const total = [...accepted.values()].flat().length;
      expect(total).toBeGreaterThan(rounds * readersCount);
      for (const [reader, ids] of accepted) {
        // Not their number alone: what was accepted without an answer is filed as well, and may come first.
        const filed = async () => {
          if ((await unreadOf(actorsOn(hub), reader)) < ids.length) return undefined;
          const found = await messagesOf(actorsOn(hub), reader);
          const present = new Set(found.map(({ id }) => String(id)));
          return ids.every((id) => present.has(id)) ? found : undefined;
        };
        const messages = await until(filed, {
          what: `${ids.length} accepted pushes are filed`,
          deadlineMs: filedDeadlineMs,
        });
        const inbox = new Set(messages.map(({ id }) => String(id)));
        expect([inbox.size, new Set(messages.map(({ body }) => String(body))).size]).toEqual([
          messages.length,
          messages.length,
        ]);
      }
      if (process.env.HARK_ROUNDS) console.info(JSON.stringify({ rounds, accepted: total, repeated }));

      const { stdout } = await run(process.execPath, [cli, 'rebuild', '--all'], { env: home.env });
      const lines = stdout.trim().split('\n');
      expect(lines.length).toBeGreaterThanOrEqual(5);
      expect(lines.filter((line) => !/^equal +\S+ +\d+ rows$/.test(line))).toEqual([]);
      expect(stdout).toMatch(/^equal +delivery\.inbox +[1-9]\d* rows$/m);
      expect(await hub.stop()).toBe(0);
    },
    testTimeoutMs,
  );
});

const actorsOn = ({ url, sandboxUrl }: HubProcess): Actors => new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });
