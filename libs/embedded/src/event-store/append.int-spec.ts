import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, EventStoreDBClient, NO_STREAM, START, streamNameFilter, jsonEvent } from '@eventstore/db-client';
import { type EventStore, startEventStore } from '.';

let dir: string;
let store: EventStore;
let client: EventStoreDBClient;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hark-es-'));
  store = await startEventStore({ dataDir: dir });
  client = EventStoreDBClient.connectionString(store.url);
});
afterAll(async () => {
  await client.dispose();
  await store.close();
  rmSync(dir, { recursive: true });
});

it('appends and reads', async () => {
  const e = [1, 2, 3].map((n) => jsonEvent({ type: 'T', data: { n }, metadata: { m: n } }));
  expect(await client.appendToStream('a-1', e, { expectedRevision: NO_STREAM })).toMatchObject({
    success: true,
    nextExpectedRevision: 2n,
  });
  expect(
    await client.appendToStream('a-1', e, { expectedRevision: ANY, credentials: { username: 'a', password: 'b' } }),
  ).toMatchObject({ nextExpectedRevision: 2n });
  const read = [];
  for await (const { event } of client.readStream('a-1')) read.push(event);
  expect(read).toMatchObject([
    { data: { n: 1 }, revision: 0n },
    { data: { n: 2 }, metadata: { m: 2 } },
    { data: { n: 3 } },
  ]);
  const all = [];
  for await (const { event } of client.readAll()) all.push(event?.streamId);
  expect(all).toEqual(['$$$scavenges', 'a-1', 'a-1', 'a-1']);
  const seen: string[] = [];
  const sub = client.subscribeToAll({ fromPosition: START, filter: streamNameFilter({ prefixes: ['a-'] }) });
  const done = new Promise<void>((resolve) =>
    sub
      .on('caughtUp', () => seen.push('up'))
      .on('data', ({ event }) => {
        seen.push(event!.streamId);
        if (seen.length === 5) resolve();
      }),
  );
  setTimeout(() => void client.appendToStream('a-2', e[0]!), 50);
  await done;
  expect(seen).toEqual(['a-1', 'a-1', 'a-1', 'up', 'a-2']);
  await sub.unsubscribe();
  await client.deleteStream('a-1');
  await expect(
    (async () => {
      for await (const _ of client.readStream('a-1'));
    })(),
  ).rejects.toMatchObject({ type: 'stream-not-found' });
  await expect(client.appendToStream('a-2', e, { expectedRevision: 7n })).rejects.toMatchObject({
    type: 'wrong-expected-version',
    expectedVersion: 7n,
    actualVersion: 0n,
  });
});
