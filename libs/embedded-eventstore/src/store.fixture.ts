import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

/** The store under test: an embedded one in a folder of its own, or the one at `EVENTSTORE_URL`. */
export class TestStore {
  client!: EventStoreDBClient;
  /** The generated client, for requests that the ordinary one never sends. */
  raw!: StreamsClient;
  url = '';
  /** Embedded only. */
  dataDir = '';
  private store: EventStore | undefined;

  constructor(private readonly options: Partial<EventStoreOptions> = {}) {}

  /** `host:port`, for calls that go round the client. */
  get host(): string {
    return new URL(this.url).host;
  }

  async open(): Promise<void> {
    if (otherServer === undefined) {
      if (this.dataDir === '') this.dataDir = mkdtempSync(join(tmpdir(), 'hark-es-'));
      this.store = await startEventStore({ ...this.options, dataDir: this.dataDir });
    }
    this.url = otherServer ?? this.store?.url ?? '';
    this.client = EventStoreDBClient.connectionString(this.url);
    this.raw = new StreamsClient(this.host, credentials.createInsecure());
  }

  /** Embedded only: stops in order, opens the same log again. `client` and `raw` are new ones. */
  async restart(): Promise<void> {
    await this.shut();
    await this.open();
  }

  /** Embedded only: stops the server alone; its readers see what they see. */
  async stopServer(): Promise<void> {
    await this.store?.close();
  }

  async close(): Promise<void> {
    await this.shut();
    if (this.dataDir !== '') rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async shut(): Promise<void> {
    await this.client.dispose();
    this.raw.close();
    await this.stopServer();
  }
}

/** One store for a whole file, or for a `describe`. */
export function useStore(options: Partial<EventStoreOptions> = {}): TestStore {
  const store = new TestStore(options);
  beforeAll(async () => {
    if (otherServer !== undefined)
      console.warn(`against ${otherServer}: tests of the embedded store alone are skipped`);
    await store.open();
  });
  afterAll(() => store.close());
  return store;
}

/** Everything a finite read gives. A read that is left before its end would never let its client be disposed. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const deadlineMs = 60_000;
const pauseMs = 5;

/**
 * Waits until `condition` holds; says what was waited for when it never does. (Not `until` of @hark/testing: that would
 * load all services' libraries into each file here.)
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what = 'what was waited for',
): Promise<void> {
  for (const giveUpAt = Date.now() + deadlineMs; !(await condition()); await pause(pauseMs)) {
    if (Date.now() > giveUpAt) throw new Error(`never came true: ${what}`);
  }
}
