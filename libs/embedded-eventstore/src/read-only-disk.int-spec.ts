import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EventStoreDBClient,
  persistentSubscriptionToStreamSettingsFromDefaults as settingsFromDefaults,
  UnknownError,
} from '@eventstore/db-client';
import { programOf } from './from-sources';
import { collect, describeEmbedded, eventually, newEvents, useDir } from './store.fixture';

import { startEventStore } from '.';

const newDir = useDir();
const { code, execArgv } = programOf('child.fixture');
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** A way to take a disk's writability away, or why it cannot be had here. */
interface Way<Run> {
  readonly name: string;
  readonly run: Run;
  readonly skippedBecause: string | undefined;
}

function missing(command: string, ...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${command} does not work here: ${error?.message ?? stderr.trim()}`;
}

/** `chattr +i` refuses even writes of a program that had the file open before. */
function withoutImmutableFiles(): string | undefined {
  if (!isRoot) return 'only root may make files immutable';
  const dir = mkdtempSync(join(tmpdir(), 'hark-immutable-'));
  const file = join(dir, 'probe');
  writeFileSync(file, '');
  try {
    return missing('chattr', '+i', file);
  } finally {
    spawnSync('chattr', ['-i', file]);
    rmSync(dir, { recursive: true });
  }
}

const immutableDirs = new Set<string>();
const chattr = (flag: '+i' | '-i', dir: string): void => {
  if (flag === '+i') immutableDirs.add(dir);
  else immutableDirs.delete(dir);
  const files = readdirSync(dir).map((name) => join(dir, name));
  // In this order the files can be named at any time, and the flag goes from those that are there.
  for (const path of flag === '+i' ? [...files, dir] : [dir, ...files]) spawnSync('chattr', [flag, path]);
};

/** A test that ran out of time must not leave files behind that cannot be removed. */
const makeMutable = (): void => [...immutableDirs].forEach((dir) => chattr('-i', dir));

const itCan = <Run>({ name, skippedBecause }: Way<Run>, title: string, test: () => Promise<void>): void => {
  if (skippedBecause === undefined) it(`${name}: ${title}`, test);
  else it.skip(`${name}: ${title} (skipped: ${skippedBecause})`, test);
};

/** Everything there is to see of a folder. */
const listing = (dir: string): string[] =>
  readdirSync(dir).map((name) => `${name} ${statSync(join(dir, name)).size} ${statSync(join(dir, name)).mtimeMs}`);

describeEmbedded('a disk that becomes read-only while the store runs', () => {
  afterAll(makeMutable);

  type Take = (child: ChildProcess, dataDir: string) => { giveBack(): void };
  const noFileMayGrow: Take = ({ pid }) => {
    execFileSync('prlimit', [`--pid=${pid}`, '--fsize=0:']);
    return { giveBack: () => execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited:']) };
  };
  const immutable: Take = (_child, dataDir) => {
    // A page of a mapped file that is written back is written to anew: on such a disk that would end the process.
    for (const name of readdirSync(dataDir)) spawnSync('sync', [join(dataDir, name)]);
    chattr('+i', dataDir);
    return { giveBack: () => chattr('-i', dataDir) };
  };
  const ways: Way<Take>[] = [
    { name: 'no file may be written', run: noFileMayGrow, skippedBecause: missing('prlimit', '--version') },
    { name: 'immutable files', run: immutable, skippedBecause: withoutImmutableFiles() },
  ];

  /** A store in a process that gets an error, not a signal, for a file it may not write. */
  const startChild = async (dataDir: string): Promise<{ child: ChildProcess; url: string }> => {
    const shell = `trap '' XFSZ; exec "$@"`;
    const args = ['-c', shell, 'sh', process.execPath, ...execArgv, '-e', code, dataDir];
    const child = spawn('sh', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, url: line.toString().trim() };
  };
  const login = { credentials: { username: 'a', password: 'b' } };
  const settings = settingsFromDefaults();

  for (const way of ways) {
    itCan(way, 'writes are refused as unknown, reads go on, nothing acknowledged is lost', async () => {
      const dataDir = newDir();
      const { child, url } = await startChild(dataDir);
      const client = EventStoreDBClient.connectionString(url);
      const idsIn = async (from: EventStoreDBClient) =>
        (await collect(from.readStream('s'))).map(({ event }) => event?.id);
      const events = newEvents(3);
      await client.appendToStream('s', events.slice(0, 2));
      await client.appendToStream('s', events.slice(2), login);
      await client.createPersistentSubscriptionToStream('s', 'before', settings);
      const live = client.subscribeToStream('s');
      const seen: unknown[] = [];
      const errors: unknown[] = [];
      live.on('data', ({ event }) => seen.push(event?.id)).on('error', (error) => errors.push(error));
      await eventually(() => seen.length === 3);
      const { giveBack } = way.run(child, dataDir);
      try {
        for (const write of [
          () => client.appendToStream('s', newEvents(1)),
          () => client.appendToStream('s', newEvents(1), login),
          () => client.deleteStream('s'),
          () => client.tombstoneStream('s'),
          () => client.setStreamMetadata('s', { maxCount: 1 }),
          () => client.createPersistentSubscriptionToStream('s', 'refused', settings),
          () => client.deletePersistentSubscriptionToStream('s', 'before'),
        ]) {
          const refusal: unknown = await write().catch((error: unknown) => error);
          expect(refusal).toBeInstanceOf(UnknownError);
        }
        expect(await idsIn(client)).toEqual(events.map(({ id }) => id));
        const later = client.subscribeToAll();
        await once(later, 'caughtUp');
        await later.unsubscribe();
        expect((await client.listAllPersistentSubscriptions()).map(({ groupName }) => groupName)).toEqual(['before']);
        expect([child.exitCode, errors]).toEqual([null, []]);
      } finally {
        giveBack();
      }
      const [another] = newEvents(1);
      await client.appendToStream('s', another!, { expectedRevision: 2n });
      await eventually(() => seen.length === 4);
      await client.dispose();
      child.kill('SIGKILL');
      await once(child, 'exit');
      const store = await startEventStore({ dataDir });
      const again = EventStoreDBClient.connectionString(store.url);
      expect(await idsIn(again)).toEqual([...events, another!].map(({ id }) => id));
      expect((await again.listAllPersistentSubscriptions()).map(({ groupName }) => groupName)).toEqual(['before']);
      await again.dispose();
      await store.close();
    });
  }
});

describeEmbedded('a folder that cannot be written', () => {
  afterAll(makeMutable);

  interface Taken {
    /** What to run before the program, and as whom. */
    readonly prefix?: readonly string[];
    readonly uid?: number;
    giveBack(): void;
  }
  type Take = (dataDir: string) => Taken;
  const bits: Take = (dataDir) => {
    chmodSync(dataDir, 0o555);
    return { ...(isRoot && { uid: nobody }), giveBack: () => chmodSync(dataDir, 0o755) };
  };
  const mount: Take = (dataDir) => ({
    prefix: [
      ...['unshare', '-m', 'sh', '-c'],
      'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"',
      dataDir,
    ],
    giveBack: () => undefined,
  });
  const immutable: Take = (dataDir) => {
    chattr('+i', dataDir);
    return { giveBack: () => chattr('-i', dataDir) };
  };
  const asNobody = (): string | undefined => {
    if (!isRoot) return undefined;
    const { status } = spawnSync(process.execPath, ['-e', ''], { uid: nobody, cwd: __dirname });
    return status === 0 ? undefined : 'permission bits mean nothing to root, and nobody else may run this';
  };
  const ways: Way<Take>[] = [
    { name: 'by its permissions', run: bits, skippedBecause: asNobody() },
    {
      name: 'on a read-only mount',
      run: mount,
      skippedBecause: missing('unshare', '-m', 'sh', '-c', `mount --bind ${tmpdir()} ${tmpdir()}`),
    },
    { name: 'immutable', run: immutable, skippedBecause: withoutImmutableFiles() },
  ];
  const failedStart = async (dataDir: string, { prefix = [], uid }: Taken): Promise<[number | null, string]> => {
    const [command = '', ...args] = [...prefix, process.execPath, ...execArgv, '-e', code, dataDir];
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(uid !== undefined && { uid }) });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    // A store that started after all ends here instead of waiting.
    child.stdout.once('data', () => child.kill('SIGKILL'));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return [exitCode, said];
  };

  for (const way of ways) {
    for (const [kind, isNew] of [
      ['empty', true],
      ['with a log', false],
    ] as const) {
      itCan(way, `the start fails with what to do, and changes nothing (${kind})`, async () => {
        const dataDir = newDir();
        if (!isNew) await written(dataDir);
        const taken = way.run(dataDir);
        const before = listing(dataDir);
        try {
          const [exitCode, said] = await failedStart(dataDir, taken);
          expect(said).toContain("code: 'event-store.not-opened'");
          expect(said).toContain(`make ${dataDir} writable for the user the store runs as, or choose another folder`);
          expect(exitCode).toBe(1);
          expect(listing(dataDir)).toEqual(before);
        } finally {
          taken.giveBack();
        }
        const store = await startEventStore({ dataDir });
        const client = EventStoreDBClient.connectionString(store.url);
        await client.appendToStream('s', newEvents(1), { expectedRevision: isNew ? 'no_stream' : 0n });
        await client.dispose();
        await store.close();
      });
    }
  }

  const written = async (dataDir: string): Promise<void> => {
    const store = await startEventStore({ dataDir });
    const client = EventStoreDBClient.connectionString(store.url);
    await client.appendToStream('s', newEvents(1));
    await client.dispose();
    await store.close();
  };
});
