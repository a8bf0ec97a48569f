import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Worker } from 'node:worker_threads';
import { AccessDeniedError, EventStoreDBClient, jsonEvent, UnavailableError } from '@eventstore/db-client';
import { credentials } from '@grpc/grpc-js';
import { connect } from 'nats';
import { Client } from 'pg';
import { Disposables } from '@hark/kernel';
import { startStores, type StoreUrls } from './stores';

const newHome = (): string => mkdtempSync(join(tmpdir(), 'hark-stores-'));

const elsewhere = {
  EVENTSTORE_URL: 'esdb://elsewhere',
  NATS_URL: 'nats://elsewhere',
  DATABASE_URL: 'postgres://elsewhere',
};

describe.each([
  ['the event store', 'EVENTSTORE_URL'],
  ['the broker', 'NATS_URL'],
])('%s of a hub', (name, setting) => {
  const home = newHome();
  const threads: Worker[] = [];
  const remember = (message: unknown) => threads.push((message as { worker: Worker }).worker);
  beforeAll(() => subscribe('worker_threads', remember));
  afterAll(() => {
    unsubscribe('worker_threads', remember);
    rmSync(home, { recursive: true, force: true });
  });
  const start = async () => {
    const started = new Disposables();
    const lost: string[] = [];
    let told: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (told = resolve));
    // Addresses that are set are taken as they are: only the one is started.
    const env = { ...elsewhere, [setting]: '' };
    await startStores({ home, port: 0, sandboxPort: 0, env }, started, (what) => {
      lost.push(what);
      told();
    });
    return { started, lost, heard, thread: threads.at(-1)! };
  };

  it('is reported as lost when its thread ends by itself', async () => {
    const { started, lost, heard, thread } = await start();
    await thread.terminate();
    await heard;
    expect(lost).toEqual([name]);
    await started.close();
  });

  it('is not missed when the hub stops', async () => {
    const { started, lost } = await start();
    await started.close();
    expect(lost).toEqual([]);
  });
});

describe('somebody else on this machine, who can reach every port but read no file of the hub', () => {
  const home = newHome();
  const started = new Disposables();
  let urls: StoreUrls;
  beforeAll(async () => {
    chmodSync(home, 0o755);
    urls = await startStores({ home, port: 0, sandboxPort: 0, env: {} }, started, () => undefined);
  });
  afterAll(async () => {
    await started.close();
    rmSync(home, { recursive: true, force: true });
  });
  const eventStore = () => new URL(urls.EVENTSTORE_URL);
  const others = (): string[] => [
    `esdb://${eventStore().host}?tls=false`,
    `esdb://admin:changeit@${eventStore().host}?tls=false`,
    `esdb://${eventStore().host}?tls=true`,
  ];

  it('gets no event of the event store and writes none', async () => {
    for (const url of others()) {
      const client = EventStoreDBClient.connectionString(url);
      const append = client.appendToStream('user-1', jsonEvent({ type: 'user.role-granted', data: {} }));
      await expect(append).rejects.toThrow(/UNAVAILABLE|No connection/i);
      await expect(first(client.readAll({ maxCount: 1 }))).rejects.toBeInstanceOf(UnavailableError);
      await expect(client.tombstoneStream('user-1')).rejects.toBeInstanceOf(UnavailableError);
      await client.dispose();
    }
  });

  it('gets none with the certificate, which is no secret, and a login of his own either', async () => {
    const query = eventStore().search;
    for (const login of ['', 'admin:changeit@', 'hark:hark@']) {
      const client = EventStoreDBClient.connectionString(`esdb://${login}${eventStore().host}${query}`);
      await expect(first(client.readAll({ maxCount: 1 }))).rejects.toBeInstanceOf(AccessDeniedError);
      await client.dispose();
    }
  });

  it('is not spoken to by mistake: the hub trusts this very certificate and no other', () => {
    const file = eventStore().searchParams.get('tlsCaFile')!;
    expect(() => credentials.createSsl(readFileSync(file))).not.toThrow();
    expect(eventStore().searchParams.get('tls')).toBe('true');
  });

  it('cannot say a word to the broker or the database', async () => {
    const nats = new URL(urls.NATS_URL);
    await expect(connect({ servers: nats.host, reconnect: false })).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: nats.host, token: 'guessed', reconnect: false })).rejects.toThrow(/authorization/i);
    const database = new URL(urls.DATABASE_URL);
    for (const password of ['', 'hark']) {
      const client = new Client({ host: database.hostname, port: Number(database.port), user: 'hark', password });
      await expect(client.connect()).rejects.toThrow(/password/i);
    }
  });

  it('reads no file: folders are their owner’s alone and so are the secrets in them', () => {
    for (const name of ['event-store', 'postgres']) expect(statSync(join(home, name)).mode & 0o77).toBe(0);
    for (const entry of readdirSync(home, { withFileTypes: true }))
      expect([entry.name, statSync(join(home, entry.name)).mode & 0o77]).toEqual([entry.name, 0]);
  });

  it('does not keep the hub out', async () => {
    const client = EventStoreDBClient.connectionString(urls.EVENTSTORE_URL);
    await client.appendToStream('user-1', jsonEvent({ type: 'user.registered', data: {} }));
    expect(await first(client.readStream('user-1'))).toMatchObject({ event: { type: 'user.registered' } });
    await client.dispose();
  });
});

async function first<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}
