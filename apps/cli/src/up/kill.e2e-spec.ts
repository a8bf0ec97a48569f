import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { until } from '@hark/testing';
import { Actors } from '../demo/actors';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, inboxOf, pushUntil, Reader } from '../demo/load.fixture';
import { HubProcess } from './hub-process';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'main.js');
const rounds = 3;
const readersCount = 6;
const lanes = 12;
/** How long the load runs before everything is killed: different in every round, so the kill meets different work. */
const loadMs = [700, 1_100, 1_600];
const testTimeoutMs = 180_000;

describe('kill -9 of a whole hub under load', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome()));
  afterAll(() => home.remove());

  it(
    'keeps every push that was answered 202, once, and rebuilds to the same tables',
    async () => {
      let hub: HubProcess = await home.start();
      const readers = await bindReaders(actorsOn(hub), readersCount);
      const accepted = new Map<Reader, string[]>(readers.map((reader) => [reader, []]));

      for (let round = 0; round < rounds; round += 1) {
        const stopping = new AbortController();
        const load = pushUntil(stopping.signal, hub.url, readers, lanes);
        // Not a wait for a condition: the load must have been running for a while when the kill comes.
        await pause(loadMs[round]);
        await hub.kill();
        stopping.abort();
        for (const [reader, ids] of await load) accepted.get(reader)!.push(...ids);
        hub = await home.start();
      }

      const total = [...accepted.values()].flat().length;
      expect(total).toBeGreaterThan(rounds * readersCount);
      for (const [reader, ids] of accepted) {
        await until(
          async () => {
            const inbox = new Set(await inboxOf(actorsOn(hub), reader));
            return ids.every((id) => inbox.has(id));
          },
          { what: `all ${ids.length} accepted pushes in the inbox`, deadlineMs: 60_000 },
        );
        const inbox = await inboxOf(actorsOn(hub), reader);
        expect(new Set(inbox).size).toBe(inbox.length);
      }

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
