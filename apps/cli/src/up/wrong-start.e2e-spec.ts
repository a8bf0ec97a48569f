import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@hark/testing';
import { Actors } from '../demo/actors';
import { embeddedStores, HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, inboxOf, pushUntil } from '../demo/load.fixture';
import { HubProcess } from './hub-process';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'main.js');
const testTimeoutMs = 180_000;
const refusalTimeoutMs = 60_000;
const pushesMin = 5;

const actorsOn = ({ url, sandboxUrl }: HubProcess): Actors => new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });

describe('a start on data that is there', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome(embeddedStores)));
  afterAll(() => home.remove());

  /** What `hark up` says when it refuses to start. */
  const refusal = async (env: NodeJS.ProcessEnv = {}): Promise<string> => {
    const started = run(process.execPath, [cli, 'up'], { env: { ...home.env, ...env }, timeout: refusalTimeoutMs });
    return started.then(
      () => 'it started',
      (error: { stderr: string }) => error.stderr,
    );
  };

  it(
    'with another key, without the key, the vault or the log is refused, and nothing of it is lost',
    async () => {
      const folder = home.env.HARK_HOME!;
      const [key, vault, log] = ['master.key', 'postgres', 'event-store'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      let hub = await home.start();
      const [reader] = await bindReaders(actorsOn(hub), 1);
      const stopping = new AbortController();
      const load = pushUntil(stopping.signal, hub.url, [reader!], 1);
      await until(async () => (await inboxOf(actorsOn(hub), reader!)).length >= pushesMin, { what: 'pushes filed' });
      stopping.abort();
      const accepted = (await load).get(reader!)!.sort();
      const inbox = async () => (await inboxOf(actorsOn(hub), reader!)).sort();
      await until(async () => (await inbox()).length === accepted.length, { what: 'all of them filed' });
      await hub.stop();

      expect(await refusal({ HARK_MASTER_KEY: randomBytes(32).toString('base64') })).toContain(
        '(config.master-key-mismatch)',
      );

      renameSync(key, `${key}.kept`);
      expect(await refusal()).toContain('(config.master-key-missing)');
      expect(existsSync(key)).toBe(false);
      renameSync(`${key}.kept`, key);

      for (const [part, code] of [
        [vault, 'vault.missing'],
        [log, 'eventstore.missing'],
      ] as const) {
        renameSync(part, `${part}.kept`);
        const said = await refusal();
        expect(said).toContain(`(${code})`);
        expect(said).toContain('docs/backup.md');
        // One sentence in each language.
        expect(said.trim().split('\n')).toHaveLength(2);
        rmSync(part, { recursive: true });
        renameSync(`${part}.kept`, part);
      }

      expect(statSync(key).mode & 0o777).toBe(0o600);
      expect(readFileSync(key, 'utf8')).toMatch(/^[\w+/]{43}=$/);
      hub = await home.start();
      expect(await inbox()).toEqual(accepted);
    },
    testTimeoutMs,
  );
});
