import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await expect(start({ dataDir })).rejects.toMatchObject({ kind: 'unavailable', code: 'event-store.not-opened' });
    await store.close();
  });

  it('refuses a port that is taken', async () => {
    const store = await start({ dataDir: newDir() });
    const second = start({ dataDir: newDir(), port: store.port });
    await expect(second).rejects.toMatchObject({ kind: 'unavailable', code: 'event-store.not-bound' });
    await store.close();
  });
});
