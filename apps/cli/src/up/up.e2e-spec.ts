import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '@hark/testing';
import { HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { HubProcess } from './hub-process';
import { playsInWeChat } from './in-wechat.fixture';
import { findMasterKey } from './master-key';
import { readRunFile } from './run-file';
import { readSettings } from './settings';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'main.js');
const testTimeoutMs = 120_000;

/** What the command line prints and how it ends. */
async function hark(env: NodeJS.ProcessEnv, ...args: string[]) {
  const ended = (error: { code: number; stdout: string; stderr: string }) => error;
  return run(process.execPath, [cli, ...args], { env, timeout: testTimeoutMs }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ended,
  );
}

describe('the command line', () => {
  it.each([
    [['--version'], 0, /^hark \d+\.\d+\.\d+\n$/],
    [['help', 'up'], 0, /^\.\/hark up \[--split \[--replicas LIST\]\] \[--log\]\n/],
    [['up', '--help'], 0, /^\.\/hark up \[--split \[--replicas LIST\]\] \[--log\]\n/],
    [['upp'], 2, /^hark: there is no command upp; did you mean \.\/hark up\? \(command\.unknown\)\nhark: .+\n$/],
    [['help', 'upp'], 2, /did you mean \.\/hark up\?/],
    [
      ['up', '--splt'],
      2,
      /^hark: hark up has no option --splt; did you mean --split\? \(command\.invalid\)\nhark: .+\n$/,
    ],
  ])('%j', async (args, code, text) => {
    const ended = await hark(process.env, ...args);
    expect(ended).toMatchObject({ code });
    expect(ended.stdout + ended.stderr).toMatch(text);
  });
});

describe('a hub that runs', () => {
  let home: HubHome;
  let hub: HubProcess;
  beforeAll(async () => {
    home = await hubHome({ HARK_HEALTH_PORT: '0' });
    hub = await home.start();
  }, testTimeoutMs);
  afterAll(() => home.remove());

  describe("Hark's mini program", () =>
    playsInWeChat(() => ({ hubUrl: hub.url, sandboxUrl: hub.sandboxUrl, operatorOpenid })));

  it('is found by whoever starts another one on its home, who leaves it alone', async () => {
    const before = readFileSync(join(home.env.HARK_HOME!, 'run.json'), 'utf8');
    const second = await hark(home.env, 'up');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`a hub already runs on ${home.env.HARK_HOME}: ${hub.url}, process ${hub.pid}.`);
    expect(second.stderr).toMatch(/^hark: .*\nhark: .*\n$/);
    expect(readFileSync(join(home.env.HARK_HOME!, 'run.json'), 'utf8')).toBe(before);
    expect((await fetch(`${hub.url}/openapi.json`)).status).toBe(200);
  });

  it('has one health address for all of its services', async () => {
    const { healthUrl } = readRunFile(readSettings(home.env));
    for (const path of ['/livez', '/readyz']) expect((await fetch(healthUrl + path)).status).toBe(200);
    const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
    for (const service of ['auth', 'intake', 'moderation', 'delivery', 'complaints', 'gateway'])
      expect(metrics).toContain(`service="${service}"`);
    const described = [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(new Set(described).size).toBe(described.length);
    expect(metrics.match(/^hark_process_cpu_seconds_total\{/gm)).toHaveLength(1);
    expect(metrics).toMatch(/^hark_dependency_up\{dependency="eventstore",service="delivery"\} 1$/m);
  });

  it('is rebuilt from elsewhere by its addresses alone, as one on real stores is', async () => {
    const settings = readSettings(home.env);
    const elsewhere = {
      ...process.env,
      HARK_HOME: join(tmpdir(), 'hark-no-home'),
      NATS_URL: readRunFile(settings).NATS_URL,
      HARK_MASTER_KEY: findMasterKey(settings),
    };
    const { stdout, stderr, code } = await hark(elsewhere, 'rebuild', '--all');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^equal +delivery\.inbox/m);
    expect(stderr).toMatch(/^delivery: \d+ events in \d+\.\d s, \d+ a second$/m);
  });
});

it('a hub that cannot have its home or its database says why in one sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hark-odd-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const odd = await hark({ ...process.env, HARK_HOME: file }, 'up');
  expect(odd.stderr).toMatch(/^hark: HARK_HOME \S+ is a file: name a folder \(config\.home\)\nhark: .*\n$/);
  const address = await hark(
    { ...process.env, HARK_HOME: folder, DATABASE_URL: 'postgres://hark:50%off@h/hark' },
    'up',
  );
  expect(address.stderr).toMatch(/^hark: DATABASE_URL has a % .* %25 \(config\.invalid\)\nhark: .*\n$/);
  rmSync(folder, { recursive: true, force: true });
});

it(
  'Ctrl-C ends a hub with a process per service quietly, though the terminal tells all of them',
  async () => {
    const home = await hubHome();
    const child = spawn(process.execPath, [cli, 'up', '--split'], {
      env: home.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    let complained = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (complained += String(chunk)));
    const exited = once(child, 'exit');
    await until(() => said.includes('health ') && said.includes('curl '), {
      what: 'the hub is ready',
      deadlineMs: 60_000,
    });
    expect(said).toMatch(/^ready (\S+)\nsandbox .*\nconsole \1 .*\ndocs \1\/docs /);
    // On stores of somebody else's there is no broker of the hub's.
    expect(said).toMatch(/threads event store, (broker, )?sandbox; processes auth, intake,/);
    // To the group, as a terminal does.
    process.kill(-child.pid!, 'SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(complained).toBe('');
    await home.remove();
  },
  testTimeoutMs,
);

it.each(['HARK_PORT', 'HARK_SANDBOX_PORT', 'HARK_HEALTH_PORT'])(
  'a hub whose %s is taken says which setting to change, in one sentence',
  async (setting) => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    const home = await hubHome({ [setting]: String(port) });
    const { code, stderr } = await hark(home.env, 'up');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^hark: port ${port} is taken: end the program that listens there, or set ${setting} .*\nhark: .*\n$`),
    );
    other.close();
    await home.remove();
  },
  testTimeoutMs,
);
