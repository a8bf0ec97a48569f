import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { Client } from 'pg';
import { until } from '@hark/testing';
import { Actors } from '../demo/actors';
import { call, expecting, Json } from '../demo/http';
import { embeddedStores, HubHome, hubHome, operatorOpenid } from '../demo/hub.fixture';
import { bindReaders, pushUntil, Reader } from '../demo/load.fixture';
import { HubProcess } from '../up/hub-process';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';
import { fileNames, readManifest } from './backup-files';
import { markUnfinished } from './unfinished-restore';

const run = promisify(execFile);
const cli = join(__dirname, '..', '..', 'dist', 'main.js');
const testTimeoutMs = 240_000;
const commandTimeoutMs = 60_000;
const pushesMin = 20;
const gzipMagic = Buffer.from([0x1f, 0x8b]);

describe('a backup of a hub at work', () => {
  let home: HubHome;
  beforeAll(async () => void (home = await hubHome(embeddedStores)));
  afterAll(() => home.remove());

  const hark = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> =>
    run(process.execPath, [cli, ...args], { env: { ...home.env, ...env }, timeout: commandTimeoutMs }).then(
      ({ stdout }) => stdout,
      (error: { stderr: string }) => error.stderr,
    );
  const actorsOn = ({ url, sandboxUrl }: HubProcess): Actors => new Actors({ hubUrl: url, sandboxUrl, operatorOpenid });
  /** What the log says up to a position, without the store's own events. */
  const eventsUpTo = async (position: bigint): Promise<unknown[]> => {
    const client = EventStoreDBClient.connectionString(readRunFile(readSettings(home.env)).EVENTSTORE_URL);
    const events = [];
    try {
      for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
        if (!event || event.position.commit > position) break;
        const { id, streamId, revision, type, data, metadata, created, position: at } = event;
        if (!streamId.startsWith('$')) events.push({ id, streamId, revision, type, data, metadata, created, at });
      }
    } finally {
      await client.dispose();
    }
    return events;
  };
  const itemsOf = async (hub: HubProcess, { token }: Reader): Promise<Json[]> => {
    const { body } = expecting(await actorsOn(hub).hub('GET', '/v1/inbox?limit=200', { token }), 200);
    return body.items as unknown as Json[];
  };
  const statusOf = async (hub: HubProcess, { key }: Reader, id: string): Promise<unknown> => {
    const { status, body } = await call(hub.url, 'GET', `/v1/pushes/${id}`, { token: key });
    return status === 200 ? body.status : status;
  };

  it(
    'brings everything back that was there when it was taken, and says what is wrong before it changes anything',
    async () => {
      const folder = home.env.HARK_HOME!;
      const backups = `${folder}-backups`;
      const taken = join(backups, 'one');
      mkdirSync(backups);
      let hub = await home.start();
      const [reader] = (await bindReaders(actorsOn(hub), 1)) as [Reader];
      const stopping = new AbortController();
      const load = pushUntil(stopping.signal, hub.url, [reader], 2);
      await until(async () => (await itemsOf(hub, reader)).length >= pushesMin, { what: 'pushes in the inbox' });

      // While it runs, and under pushes.
      const itemsBefore = await itemsOf(hub, reader);
      expect(await hark(['backup', taken])).toContain('The master key is NOT in it');
      const { eventLog } = readManifest(taken);
      const position = BigInt(eventLog!.position);
      const sizeThen = (await itemsOf(hub, reader)).length;
      await until(async () => (await itemsOf(hub, reader)).length > sizeThen, { what: 'more pushes' });
      stopping.abort();
      await load;
      const key = readFileSync(join(folder, 'master.key'), 'utf8');
      for (const file of readdirSync(taken)) {
        expect(statSync(join(taken, file)).mode & 0o077).toBe(0);
        expect(readFileSync(join(taken, file), 'latin1')).not.toContain(key);
      }
      expect(readdirSync(folder).filter((name) => name.startsWith('event-log-copy'))).toEqual([]);
      const eventsBefore = await eventsUpTo(position);
      expect(eventsBefore.length).toBeGreaterThan(pushesMin);

      expect(await hark(['backup', taken])).toContain('(backup.exists)');
      expect(await hark(['restore', taken, '--replace'])).toContain('(hub.already-runs)');
      await hub.stop();
      expect(await hark(['restore', taken])).toContain('(restore.not-empty)');

      // The disk is lost; the key was kept elsewhere.
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      expect(await hark(['restore', taken])).toContain('(config.master-key-missing)');
      const other = { HARK_MASTER_KEY: randomBytes(32).toString('base64') };
      expect(await hark(['restore', taken], other)).toContain('(config.master-key-mismatch)');
      const env = { HARK_MASTER_KEY: key };
      for (const file of [fileNames.eventLog, fileNames.vault, fileNames.manifest]) {
        const whole = readFileSync(join(taken, file));
        const harmed = Buffer.from(whole);
        harmed[harmed.length >> 1]! ^= 1;
        writeFileSync(join(taken, file), harmed);
        expect(await hark(['restore', taken], env)).toContain('(backup.damaged)');
        writeFileSync(join(taken, file), whole);
      }
      expect(['event-store', 'postgres'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
      expect(await hark(['backup', '--verify', taken], env)).toContain('whole, and the master key opens it');
      expect(await hark(['restore', taken], env)).toContain('restored as of');

      Object.assign(home.env, env);
      hub = await home.start();
      expect(await eventsUpTo(position)).toEqual(eventsBefore);
      const ids = new Set(itemsBefore.map(({ id }) => id));
      const back = async () => (await itemsOf(hub, reader)).filter(({ id }) => ids.has(id));
      await until(async () => (await back()).length === itemsBefore.length, { what: 'the inbox is there again' });
      expect(await back()).toEqual(itemsBefore);
      expect(String(itemsBefore[0]!.body)).toMatch(/第 \d+ 条$/);
      for (const { id } of itemsBefore.slice(0, 3))
        await until(async () => (await statusOf(hub, reader, String(id))) === 'delivered', { what: 'its status' });
      // And it goes on.
      expecting(await call(hub.url, 'POST', '/v1/pushes', { token: reader.key, body: { body: '之后' } }), 202);
      await hub.stop();
      rmSync(backups, { recursive: true });
    },
    testTimeoutMs,
  );

  it(
    'is taken of a hub that is stopped too; restored over newer data it brings nobody back who was erased, and half of one does not start',
    async () => {
      const folder = home.env.HARK_HOME!;
      const taken = join(`${folder}-stopped`, 'one');
      mkdirSync(`${folder}-stopped`);
      expect(await hark(['backup', taken])).toContain('taken and read through');
      const hub = await home.start();
      const client = new Client(readRunFile(readSettings(home.env)).DATABASE_URL);
      await client.connect();
      await client.query(
        `update vault.person_keys set wrapped_key = null where person_id =
           (select person_id from vault.person_keys where wrapped_key is not null limit 1)`,
      );
      await client.end();
      await hub.stop();

      const said = await hark(['restore', taken, '--replace']);
      expect(said).toContain('1 persons who have been erased stay erased');
      const movedTo = /stands in (\S+);/.exec(said)![1]!;
      expect(readdirSync(movedTo).sort()).toEqual(['event-store', 'postgres']);

      // As a kill between the two folders leaves it.
      markUnfinished(folder);
      renameSync(join(folder, 'postgres'), join(movedTo, 'half'));
      expect(await hark(['up'])).toContain('(restore.unfinished)');
      expect(existsSync(join(folder, 'postgres'))).toBe(false);
      expect(await hark(['restore', taken])).toContain('restored as of');
      const again = await home.start();
      expect(await again.stop()).toBe(0);
      rmSync(`${folder}-stopped`, { recursive: true });
    },
    testTimeoutMs,
  );

  it(
    'holds nothing of a person who was erased, nor does anything else that the hub keeps',
    async () => {
      const folder = home.env.HARK_HOME!;
      const taken = join(`${folder}-erased`, 'one');
      mkdirSync(`${folder}-erased`);
      const logFile = join(`${folder}-erased`, 'hub.log');
      const log = openSync(logFile, 'w');
      const hub = await home.startLogging(log);
      const actors = actorsOn(hub);
      const marks = ['openid', 'agent', 'name', 'calls', 'mail', 'title', 'body', 'data', 'note', 'label'] as const;
      // All end alike: one search finds whichever of them is left.
      const end = randomBytes(9).toString('hex');
      const mark = Object.fromEntries(marks.map((each) => [each, `${each}${end}`])) as Record<
        (typeof marks)[number],
        string
      >;
      // What must stay: proof that the search finds what is there.
      const kept = `kept${randomBytes(9).toString('hex')}`;
      const owner = await actors.logIn(actors.newOpenid());
      const registered = await actors.hub('POST', '/v1/apps', { token: owner.token, body: { name: kept } });
      const appId = String(expecting(registered, 201).body.app?.id);

      const minted = await call(hub.sandboxUrl, 'POST', '/control/wechat/codes', { body: { openid: mark.openid } });
      const session = await call(hub.url, 'POST', '/v1/sessions', {
        headers: { 'user-agent': mark.agent },
        body: { provider: 'wechat', code: minted.body.code },
      });
      const { accessToken, user } = expecting(session, 201).body;
      const token = String(accessToken);
      const deviceKey = await actors.addPhone(token);
      const address = `${mark.mail}@example.org`;
      const added = await actors.hub('POST', '/v1/endpoints', { token, body: { kind: 'email', address } });
      const endpoint = String(expecting(added, 201).body.id);
      expecting(await actors.hub('PATCH', `/v1/endpoints/${endpoint}`, { token, body: { name: mark.label } }), 200);
      const bound = expecting(
        await actors.hub('POST', '/v1/bindings', { token, body: { appId, openid: mark.name } }),
        201,
      ).body;
      // A mini program that nobody owns has the name that the person's own client gave it.
      const asserted = { wechatAppId: `wx${randomBytes(8).toString('hex')}`, appName: mark.calls, openid: mark.name };
      expecting(await actors.hub('POST', '/v1/bindings', { token, body: asserted }), 201);
      const pushed = await actors.hub('POST', '/v1/pushes', {
        token: String(bound.key),
        body: { title: mark.title, body: mark.body, data: { mark: mark.data } },
      });
      const pushId = String(expecting(pushed, 202).body.id);
      const item = await actors.inboxItem(token, pushId);
      expect([item.title, item.body]).toEqual([mark.title, mark.body]);
      const complaint = { inboxItemId: pushId, reason: 'spam', note: mark.note };
      expecting(await actors.hub('POST', '/v1/complaints', { token, body: complaint }), 201);

      // They are there: what is held on the person says so.
      const held = expecting(await actors.hub('GET', '/v1/me/export', { token }), 200).body;
      for (const each of ['name', 'calls', 'title', 'body', 'label'] as const)
        expect(JSON.stringify(held)).toContain(mark[each]);

      expecting(await actors.hub('DELETE', '/v1/me', { token }), 202);
      const client = new Client(readRunFile(readSettings(home.env)).DATABASE_URL);
      await client.connect();
      const personId = String(user?.id);
      const left = `select
        (select count(*) from vault.person_keys where person_id = $1 and wrapped_key is not null) +
        (select count(*) from auth.bindings where person_id = $1) + (select count(*) from auth.endpoints where person_id = $1) +
        (select count(*) from delivery.inbox where person_id = $1) as rows`;
      const rowsLeft = async () => Number((await client.query(left, [personId])).rows[0].rows);
      await until(async () => (await rowsLeft()) === 0, { what: 'nothing of the person is left in the tables' });
      await client.query('vacuum full');
      await client.query('checkpoint');
      await client.end();
      expect(await hark(['backup', taken])).toContain('taken and read through');
      // Made anew from a log whose words nobody can read any more, the tables are the same.
      const rebuilt = await hark(['rebuild', '--all']);
      expect(rebuilt).toMatch(/auth\.bindings/);
      expect(rebuilt).not.toContain('DIFFERENT');
      await hub.stop();
      closeSync(log);

      expect(readFileSync(logFile, 'utf8')).toContain('ready');
      const places = [folder, `${folder}-erased`];
      for (const place of [join(folder, 'event-store'), join(folder, 'postgres'), taken])
        expect(foundIn(place, [kept])).not.toEqual([]);
      const found = places.flatMap((place) => foundIn(place, [end, deviceKey]));
      // What the stand-ins of WeChat and Bark have is not the hub's.
      expect(found.filter((file) => file !== join(folder, 'sandbox.ndjson'))).toEqual([]);
      rmSync(`${folder}-erased`, { recursive: true });
    },
    testTimeoutMs,
  );
});

/**
 * The files below a folder that hold one of the texts as it is, in base64 at any offset, or in hexadecimal digits; packed
 * ones unpacked.
 */
function foundIn(folder: string, texts: readonly string[]): string[] {
  const forms = texts.flatMap(formsOf);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const stored = readFileSync(file);
      const bytes = stored.subarray(0, 2).equals(gzipMagic) ? gunzipSync(stored) : stored;
      return forms.some((form) => bytes.includes(form));
    });
}

function formsOf(text: string): Buffer[] {
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    // Without the letters that depend on what stands beside it.
    return encoded.slice(before === 0 ? 0 : 4, 4 * Math.floor((before + text.length) / 3));
  });
  const hex = Buffer.from(text).toString('hex');
  return [text, ...base64, hex, hex.toUpperCase()].map((form) => Buffer.from(form));
}
