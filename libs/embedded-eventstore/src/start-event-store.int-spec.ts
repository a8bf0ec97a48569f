import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Worker } from 'node:worker_threads';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

import { startEventStore, startEventStoreInWorker } from '.';

describe.each([
  ['in this thread', startEventStore],
  ['in a worker', startEventStoreInWorker],
])('an event store %s', (_name, start) => {
  const dirs: string[] = [];
  const newDir = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'hark-es-'));
    dirs.push(dir);
    return dir;
  };
  afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

  it('keeps what it acknowledged over a restart', async () => {
    const dataDir = newDir();
    for (const revision of [0n, 1n, 2n]) {
      const store = await start({ dataDir });
      const client = EventStoreDBClient.connectionString(store.url);
      const { nextExpectedRevision } = await client.appendToStream('kept-1', jsonEvent({ type: 'kept', data: {} }));
      expect(nextExpectedRevision).toBe(revision);
      await client.dispose();
      await store.close();
    }
  });

  it('refuses a second server on the same log', async () => {
    const dataDir = newDir();
    const store = await start({ dataDir });
    await expect(start({ dataDir })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'event-store.not-opened',
      message: expect.stringContaining('stop the other server') as unknown,
    });
    await store.close();
  });

  it('refuses a port that is taken', async () => {
    const store = await start({ dataDir: newDir() });
    const second = start({ dataDir: newDir(), port: store.port });
    await expect(second).rejects.toMatchObject({ kind: 'unavailable', code: 'event-store.not-bound' });
    await store.close();
  });
});

describe('the thread of an event store', () => {
  const dirs: string[] = [];
  afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));
  const start = async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hark-es-'));
    dirs.push(dataDir);
    const threads: Worker[] = [];
    const remember = (message: unknown) => threads.push((message as { worker: Worker }).worker);
    subscribe('worker_threads', remember);
    const store = await startEventStoreInWorker({ dataDir });
    unsubscribe('worker_threads', remember);
    return { store, thread: threads[0]! };
  };
  const isOver = (exited: Promise<void>) => Promise.race([exited.then(() => true), Promise.resolve(false)]);

  it('is missed when it dies, and the store can still be closed', async () => {
    const { store, thread } = await start();
    expect(await isOver(store.exited)).toBe(false);
    await thread.terminate();
    await store.exited;
    await store.close();
  });

  it('has exited once the store is closed', async () => {
    const { store } = await start();
    await store.close();
    await store.exited;
  });
});
