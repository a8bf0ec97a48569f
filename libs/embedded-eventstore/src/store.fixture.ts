import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventData, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { credentials } from '@grpc/grpc-js';

import { type EventStore, type EventStoreOptions, startEventStore } from '.';

/** Another server to run against, e.g. a real EventStoreDB: `esdb://127.0.0.1:2113?tls=false`. It should be insecure. */
const otherServer = process.env['EVENTSTORE_URL'];

/** `it` for what only the embedded store can be asked (restarts, options, its clock); skipped against another server. */
export const itEmbedded: jest.It = otherServer === undefined ? it : it.skip;
export const describeEmbedded: jest.Describe = otherServer === undefined ? describe : describe.skip;

/** A stream name nobody else uses. */
export const newStream = (category = 'spec'): string => `${category}-${randomUUID()}`;

/** `count` events of a type, numbered in their data. */
export const newEvents = (count: number, type = 'counted'): EventData[] =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type, data: { n } }));

/** A temporary folder that the end of the file removes. */
export function useDir(): () => string {
  const dirs: string[] = [];
  afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true, force: true })));
  return () => {
    const dir = mkdtempSync(join(tmpdir(), 'hark-es-'));
    dirs.push(dir);
    return dir;
  };
}

export interface StoreUnderTest {
  readonly client: EventStoreDBClient;
  readonly url: string;
  /** The generated client, for requests that the ordinary one never sends. */
  readonly raw: StreamsClient;
  /** Embedded only: stops in order, opens the same log again. `client` and `raw` are new ones. */
  restart(): Promise<void>;
}

/** One store for a whole file: an embedded one, or the one at `EVENTSTORE_URL`. */
export function useStore(options: Partial<EventStoreOptions> = {}): StoreUnderTest {
  const newDir = useDir();
  let dataDir: string;
  let store: EventStore | undefined;
  const under = { client: undefined, raw: undefined, url: '' } as unknown as {
    client: EventStoreDBClient;
    raw: StreamsClient;
    url: string;
  };
  const connect = async (): Promise<void> => {
    if (otherServer === undefined) store = await startEventStore({ ...options, dataDir });
    under.url = otherServer ?? store?.url ?? '';
    under.client = EventStoreDBClient.connectionString(under.url);
    under.raw = new StreamsClient(new URL(under.url).host, credentials.createInsecure());
  };
  const disconnect = async (): Promise<void> => {
    await under.client.dispose();
    under.raw.close();
    await store?.close();
  };
  beforeAll(async () => {
    if (otherServer !== undefined)
      console.warn(`against ${otherServer}: tests of the embedded store alone are skipped`);
    dataDir = newDir();
    await connect();
  });
  afterAll(disconnect);
  return Object.assign(under, {
    restart: async () => {
      await disconnect();
      await connect();
    },
  });
}

/** Everything a finite read gives. A read that is left before its end would never let its client be disposed. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Waits until `condition` holds, looking again every few milliseconds; fails after `deadlineMs`. */
export async function eventually(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
