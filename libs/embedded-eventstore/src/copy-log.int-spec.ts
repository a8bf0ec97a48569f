import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AllStreamRecordedEvent, EventStoreDBClient, FORWARDS, jsonEvent, START } from '@eventstore/db-client';
import { collect, newStream, useDir } from './store.fixture';

import { checkLogFile, startEventStore, startEventStoreInWorker } from '.';

const newDir = useDir();
const lanes = 8;
const copiesMax = 50;
const eventsBefore = 2_000;
const payload = 'x'.repeat(4_000);

const allOf = async (url: string, upTo: bigint): Promise<unknown[]> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    const events = await collect(client.readAll({ direction: FORWARDS, fromPosition: START }));
    return events
      .map(({ event }) => event as AllStreamRecordedEvent)
      .filter(({ position }) => position.commit <= upTo)
      .map(({ id, streamId, revision, type, created, position, data }) => {
        return { id, streamId, revision, type, created, position, data };
      });
  } finally {
    await client.dispose();
  }
};

describe('a copy of the log', () => {
  it.each([
    ['in this thread', startEventStore],
    ['in a thread of its own', startEventStoreInWorker],
  ])('is one moment of a log that is written to (%s), and a log of its own', async (_, start) => {
    const store = await start({ dataDir: newDir() });
    const client = EventStoreDBClient.connectionString(store.url);
    const append = () => client.appendToStream(newStream('copied'), [jsonEvent({ type: 'copied', data: { payload } })]);
    let acknowledged = 0n;
    const appendOne = async (): Promise<void> => {
      const { position } = await append();
      if (position && position.commit > acknowledged) acknowledged = position.commit;
    };
    for (let sent = 0; sent < eventsBefore; sent += 100) await Promise.all(Array.from({ length: 100 }, appendOne));

    let stopping = false;
    const lane = async (): Promise<void> => {
      while (!stopping) await appendOne();
    };
    const load = Array.from({ length: lanes }, lane);
    const copyOnce = async () => {
      const [before, dataDir] = [acknowledged, newDir()];
      const copied = await store.copyTo(join(dataDir, 'events.db'));
      return { before, dataDir, copied, wasWrittenTo: acknowledged > before };
    };
    let copy = await copyOnce();
    // A copy may be faster than the next append: again, until one was written to meanwhile.
    for (let tries = 1; !copy.wasWrittenTo && tries < copiesMax; tries += 1) copy = await copyOnce();
    stopping = true;
    await Promise.all(load);

    const { before, dataDir, copied } = copy;
    expect(copy.wasWrittenTo).toBe(true);
    expect(BigInt(copied.position)).toBeGreaterThanOrEqual(before);
    expect(readdirSync(dataDir)).toEqual(['events.db']);
    expect(checkLogFile(join(dataDir, 'events.db'))).toEqual(copied);
    expect(readdirSync(dataDir)).toEqual(['events.db']);
    const opened = await startEventStore({ dataDir });
    const position = BigInt(copied.position);
    expect(await allOf(opened.url, position)).toEqual(await allOf(store.url, position));
    await client.dispose();
    await Promise.all([opened.close(), store.close()]);
  });

  it('replaces nothing, and a damaged one is told', async () => {
    const store = await startEventStore({ dataDir: newDir() });
    const file = join(newDir(), 'copy.db');
    await store.copyTo(file);
    await expect(store.copyTo(file)).rejects.toMatchObject({ code: 'event-store.copy-exists' });
    await store.close();
    writeFileSync(file, 'SQLite format 3', { flag: 'r+', mode: 0o600 });
    writeFileSync(file, Buffer.alloc(100, 7), { flag: 'r+' });
    expect(() => checkLogFile(file)).toThrow(expect.objectContaining({ code: 'event-store.damaged' }) as Error);
  });
});
