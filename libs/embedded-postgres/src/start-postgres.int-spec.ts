import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { chmod, mkdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { copyBinaries } from './binaries';
import { type PostgresOptions, type RunningPostgres, startPostgres } from './start-postgres';

const asRoot = process.getuid?.() === 0 ? it : it.skip;
const repo = resolve(__dirname, '../../..');
let home: string;
let open: { close(): Promise<void> }[];

beforeEach(async () => {
  // As below root's home: nobody else can walk through it.
  home = mkdtempSync(join(tmpdir(), 'hark-pg-'));
  await chmod(home, 0o700);
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  await rm(home, { recursive: true, force: true });
});

const folder = (name = 'postgres') => join(home, name);

async function start(options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir: folder(), ...options });
  open.push(server);
  return server;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** For a condition on a slow machine. */
const untilMs = 60_000;

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + untilMs; Date.now() < deadline; await pause(20)) if (await holds()) return;
  throw new Error(`never came true: ${what}`);
}

/** Dead, or dead and waiting for a parent that never looks. */
const gone = async (pid: number) =>
  !/^\d+ \(.*\) [^ZX]/s.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));

/** A process of its own that starts the server, says `{url, pid}` and waits. */
async function startElsewhere(options: PostgresOptions, env: NodeJS.ProcessEnv = {}) {
  const script = `
    process.umask(0o077);
    const { readFileSync } = require('node:fs');
    const { transformSync } = require('@swc/core');
    const swc = { ...JSON.parse(readFileSync('.swcrc', 'utf8')), swcrc: false };
    require.extensions['.ts'] = (m, f) => m._compile(transformSync(readFileSync(f, 'utf8'), { ...swc, filename: f }).code, f);
    require('./libs/embedded-postgres/src/start-postgres.ts').startPostgres(${JSON.stringify(options)}).then(
      (server) => console.log(JSON.stringify({ url: server.url, pid: server.pid })),
      (error) => { console.log(JSON.stringify({ code: error.code, message: error.message })); process.exit(1); },
    );`;
  const child = spawn(process.execPath, ['--conditions=@hark/source', '-e', script], {
    ...{ cwd: repo, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const ended = once(child, 'exit');
  let said = { url: '', pid: 0 };
  const kill = async () => (child.kill('SIGKILL'), void (await ended));
  const close = async () => (await kill(), await until('the server is gone', () => gone(said.pid)));
  open.push({ close });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  said = { ...said, ...(JSON.parse(line) as object) };
  return { ...said, kill };
}

describe('data', () => {
  it('is there again after a restart, and is seen by the owner of the password only', async () => {
    const first = await start();
    expect(new URL(first.url)).toMatchObject({ hostname: '127.0.0.1', username: 'hark', pathname: '/hark' });
    await query(first.url, 'create table push (id int); insert into push values (7)');
    await first.close();
    await first.exited;
    const second = await start();
    expect(await query(second.url, 'select id from push')).toEqual([{ id: 7 }]);
    expect((await stat(join(folder(), 'password'))).mode & 0o777).toBe(0o600);
    const guess = new URL(second.url);
    guess.password = 'guess';
    await expect(query(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('is durable, in UTF-8, and listened to on the loopback address only, without a socket file', async () => {
    const { url } = await start();
    const names = [
      'fsync',
      'synchronous_commit',
      'server_encoding',
      'listen_addresses',
      'unix_socket_directories',
      'shared_buffers',
    ];
    const shown = await query(url, `select name, setting from pg_settings where name in ('${names.join("','")}')`);
    expect(Object.fromEntries(shown.map(({ name, setting }) => [name, setting]))).toEqual({
      ...{ fsync: 'on', synchronous_commit: 'on', server_encoding: 'UTF8' },
      ...{ listen_addresses: '127.0.0.1', unix_socket_directories: '', shared_buffers: '8192' },
    });
  });

  it('without its password file is refused, not replaced', async () => {
    await (await start()).close();
    await rm(join(folder(), 'password'));
    await expect(start()).rejects.toMatchObject({ name: 'HarkError', code: 'postgres.no-password' });
    await writeFile(join(folder(), 'password'), 'another');
    await expect(start()).rejects.toMatchObject({ name: 'HarkError', code: 'postgres.no-password' });
    expect(existsSync(join(folder(), 'cluster', 'PG_VERSION'))).toBe(true);
  });

  it('half made by a start that was killed is made anew', async () => {
    await mkdir(join(folder(), 'cluster.new-abc123', 'base'), { recursive: true });
    await start();
    expect(existsSync(join(folder(), 'cluster.new-abc123'))).toBe(false);
  });
});

describe('one folder, one server', () => {
  it('refuses a second start, from here or from elsewhere, by any spelling of the path', async () => {
    const first = await start();
    await expect(startPostgres({ dataDir: `${home}/x/../postgres` })).rejects.toMatchObject({
      ...{ name: 'HarkError', kind: 'conflict', code: 'postgres.in-use' },
    });
    expect(await startElsewhere({ dataDir: folder() })).toMatchObject({ code: 'postgres.in-use' });
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('lets one of several simultaneous first starts win', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('says so when the wanted port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    open.push({ close: async () => void taken.close() });
    await expect(start({ port: (taken.address() as AddressInfo).port })).rejects.toMatchObject({
      code: 'postgres.port-taken',
    });
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(folder('file'), '');
    await expect(start({ dataDir: join(folder('file'), 'postgres') })).rejects.toMatchObject({
      code: 'postgres.no-folder',
    });
  });
});

describe('kill -9', () => {
  for (const userNamespaces of [true, false]) {
    const account = userNamespaces ? 'in a user namespace where there is one' : 'as another user';
    (userNamespaces ? it : asRoot)(`of the parent ends the server and loses nothing, ${account}`, async () => {
      const elsewhere = await startElsewhere({ dataDir: folder(), userNamespaces });
      await query(elsewhere.url, 'create table push (id int); insert into push values (7)');
      await elsewhere.kill();
      const next = await start({ userNamespaces });
      expect(await gone(elsewhere.pid)).toBe(true);
      expect(await query(next.url, 'select id from push')).toEqual([{ id: 7 }]);
    });
  }

  it('of the parent alone is enough: nobody has to start again', async () => {
    const elsewhere = await startElsewhere({ dataDir: folder() });
    await elsewhere.kill();
    await until('the server is gone', () => gone(elsewhere.pid));
  });

  it('of the server is noticed, and the next start recovers', async () => {
    const first = await start();
    await query(first.url, 'create table push (id int); insert into push values (7)');
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    expect(existsSync(join(folder(), 'cluster', 'postmaster.pid'))).toBe(true);
    await first.close();
    const second = await start();
    expect(await query(second.url, 'select id from push')).toEqual([{ id: 7 }]);
  });

  it('of both, with the old pid now belonging to another program, does not block the next start', async () => {
    const elsewhere = await startElsewhere({ dataDir: folder() });
    process.kill(elsewhere.pid, 'SIGKILL');
    await elsewhere.kill();
    await until('the server is gone', () => gone(elsewhere.pid));
    const pidFile = join(folder(), 'cluster', 'postmaster.pid');
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, `${process.pid}`));
    const second = await start();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('surroundings', () => {
  it('bears an unknown locale, foreign PG variables, umask 077 and a private home', async () => {
    const odd = {
      LC_ALL: 'xx_YY.nothing',
      LANG: 'de_DE@euro',
      PGDATA: '/nowhere',
      PGPORT: '1',
      PGOPTIONS: '-c nonsense=1',
    };
    const { url } = await startElsewhere({ dataDir: folder(`${'long-'.repeat(30)}é 消息`) }, odd);
    expect(await query(url, `select lower('ÄÖ消') as low`)).toEqual([{ low: 'äö消' }]);
  });

  asRoot('as root without user namespaces runs as nobody, through open descriptors, and back again', async () => {
    const inside = await start();
    await query(inside.url, 'create table push (id int); insert into push values (7)');
    await inside.close();
    const outside = await start({ userNamespaces: false });
    expect(await query(outside.url, 'select id from push')).toEqual([{ id: 7 }]);
    expect((await stat(`/proc/${outside.pid}`)).uid).toBe(65534);
    await outside.close();
    const again = await start();
    expect(await query(again.url, 'select id from push')).toEqual([{ id: 7 }]);
  });
});

describe('programs', () => {
  it('are copied once, readable by all, with the links that the package cannot carry', async () => {
    const native = join(home, 'package', 'native');
    await mkdir(join(native, 'lib'), { recursive: true, mode: 0o700 });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library', { mode: 0o700 });
    await writeFile(
      join(native, 'pg-symlinks.json'),
      '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]',
    );
    const { dir } = await copyBinaries({ dir: native, version: '0.0.1' }, home);
    expect(await readlink(join(dir, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
    expect((await stat(join(dir, 'lib'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(dir, 'lib', 'libpq.so.5'))).mode & 0o777).toBe(0o755);
    await rename(native, join(home, 'away'));
    expect(await copyBinaries({ dir: native, version: '0.0.1' }, home)).toEqual({ dir, version: '0.0.1' });
    await chmod(dir, 0o777);
    await expect(copyBinaries({ dir: native, version: '0.0.1' }, home)).rejects.toMatchObject({
      code: 'postgres.temp-taken',
    });
  });
});
