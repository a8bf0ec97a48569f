import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarkError } from '@hark/kernel';
import { holdHome } from './home';
import { readRunFile, takeHome } from './run-file';

const folder = mkdtempSync(join(tmpdir(), 'hark-home-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const newHome = (): string => join(folder, `home-${made++}`);
const settings = (home: string) => ({ home, port: 0, sandboxPort: 0, env: {} });
const run = {
  ...{ url: 'http://localhost:3000', healthUrl: 'http://localhost:9090', EVENTSTORE_URL: 'esdb://127.0.0.1:1' },
  ...{ NATS_URL: 'nats://127.0.0.1:2', DATABASE_URL: 'postgres://127.0.0.1:3/hark' },
};

describe('a HARK_HOME', () => {
  it('has one hub: a second one is told where the first is', async () => {
    const home = newHome();
    const hub = takeHome(home);
    expect(() => takeHome(home)).toThrow(`still starting, process ${process.pid}`);
    expect(() => readRunFile(settings(home))).toThrow('still starting');
    hub.ready(run);
    expect(() => takeHome(home)).toThrow(
      `a hub already runs on ${home}: http://localhost:3000, process ${process.pid}. Use that one`,
    );
    expect(readRunFile(settings(home))).toEqual({ pid: process.pid, ...run });
    await hub.close();
    expect(() => readRunFile(settings(home))).toThrow('no hub is running');
    await takeHome(home).close();
  });

  it('is free at once when its hub was killed, and what that hub said of itself counts no more', async () => {
    const home = newHome();
    const holder = await holdInProcess(home);
    writeFileSync(join(home, 'run.json'), JSON.stringify({ pid: holder.pid, ...run }));
    expect(() => takeHome(home)).toThrow(`process ${holder.pid}`);
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    expect(() => readRunFile(settings(home))).toThrow('no hub is running');
    await takeHome(home).close();
  });

  it('goes to exactly one of many that start at the same time', async () => {
    const home = newHome();
    const held = await Promise.all(
      Array.from({ length: 8 }, async () => {
        await Promise.resolve();
        try {
          return holdHome(home);
        } catch (error) {
          expect((error as HarkError).code).toBe('hub.home-held');
          return undefined;
        }
      }),
    );
    expect(held.filter((each) => each !== undefined)).toHaveLength(1);
    for (const each of held) await each?.close();
  });

  it('becomes its owner’s alone, whatever modes it and its files had', async () => {
    const home = newHome();
    await takeHome(home).close();
    writeFileSync(join(home, 'master.key'), 'secret');
    for (const path of [home, join(home, 'master.key')]) chmodSync(path, 0o755);
    await takeHome(home).close();
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'master.key')).mode & 0o777).toBe(0o600);
  });

  it('is refused in one sentence when it is a file or everybody’s', () => {
    const file = newHome();
    writeFileSync(file, 'kept');
    expect(() => takeHome(file)).toThrow(`HARK_HOME ${file} is a file: name a folder`);
    expect(() => takeHome(join(file, 'below'))).toThrow('is below a file: name a folder');
    expect(readFileSync(file, 'utf8')).toBe('kept');
    const shared = mkdtempSync(join(folder, 'shared-'));
    chmodSync(shared, 0o1777);
    expect(() => takeHome(shared)).toThrow('is not of this user alone: name a folder of your own');
    expect(existsSync(join(shared, 'run.json'))).toBe(false);
  });
});

const holders: ChildProcess[] = [];
afterAll(() => holders.forEach((holder) => holder.kill('SIGKILL')));

/** Another process that holds `home` as `holdHome` does, until it is killed. */
async function holdInProcess(home: string) {
  await takeHome(home).close();
  const code = `const { DatabaseSync } = require('node:sqlite');
    const lock = new DatabaseSync(${JSON.stringify(join(home, 'hub.lock'))});
    lock.exec('BEGIN EXCLUSIVE'); console.log('held'); process.stdin.resume().once('end', () => process.exit());`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'ignore'] });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}
