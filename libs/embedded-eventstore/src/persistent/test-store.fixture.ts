import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, type PersistentSubscriptionToStreamResolvedEvent } from '@eventstore/db-client';
import { type EventStore, startEventStore } from '..';

const deadlineMs = 20_000;
const pauseMs = 10;

/** The address of a store to test instead of this one, such as a real EventStoreDB. */
export const foreignUrl = process.env['EVENTSTORE_URL'];

/** A test that needs to stop and start the store, or looks at what only this one promises. */
export const itOwn = foreignUrl === undefined ? it : it.skip;

/** The store under test and a client of it. */
export class TestStore {
  client!: EventStoreDBClient;
  private store: EventStore | undefined;

  private constructor(
    readonly dataDir: string,
    private readonly auth: { user: string; password: string } | undefined,
  ) {}

  static async start(auth?: { user: string; password: string }): Promise<TestStore> {
    const store = new TestStore(await mkdtemp(join(tmpdir(), 'hark-persistent-')), auth);
    await store.open();
    return store;
  }

  /** `host:port`, for calls that go round the client. */
  get address(): string {
    return new URL((this.store?.url ?? foreignUrl ?? '').replace(/^esdb/, 'http')).host;
  }

  /** Orderly stop and start on the same log; the client is a new one. */
  async restart(): Promise<void> {
    await this.shut();
    await this.open();
  }

  async close(): Promise<void> {
    await this.shut();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Stops the server alone: its readers see what they see. */
  async stopServer(): Promise<void> {
    await this.store?.close();
  }

  private async open(): Promise<void> {
    if (foreignUrl === undefined)
      this.store = await startEventStore({ dataDir: this.dataDir, port: 0, auth: this.auth });
    this.client = EventStoreDBClient.connectionString(this.store?.url ?? foreignUrl ?? '');
  }

  private async shut(): Promise<void> {
    await this.client.dispose();
    await this.stopServer();
  }
}

export type Delivered = PersistentSubscriptionToStreamResolvedEvent;

/** A reader that keeps what it was given and answers only when told to. */
export class TestReader {
  readonly delivered: Delivered[] = [];
  readonly errors: Error[] = [];
  confirmed = false;

  constructor(readonly subscription: ReturnType<EventStoreDBClient['subscribeToPersistentSubscriptionToStream']>) {
    subscription
      .on('data', (event: Delivered) => this.delivered.push(event))
      .on('error', (error) => this.errors.push(error))
      .on('confirmation', () => (this.confirmed = true));
  }

  static onStream(client: EventStoreDBClient, stream: string, group: string, bufferSize = 10): TestReader {
    return new TestReader(client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize }));
  }

  static onAll(client: EventStoreDBClient, group: string, bufferSize = 10): TestReader {
    const subscription = client.subscribeToPersistentSubscriptionToAll(group, { bufferSize });
    return new TestReader(subscription);
  }

  /** Everything delivered, once there are `count` of them. */
  async until(count: number): Promise<Delivered[]> {
    await eventually(() => this.delivered.length >= count, `${count} events, have ${this.delivered.length}`);
    return this.delivered;
  }

  /** What the reader's call ended with. */
  async error(): Promise<Error> {
    await eventually(() => this.errors.length > 0, 'an error');
    return this.errors[0] as Error;
  }

  /** Acknowledges everything from now on, and what is here already. */
  async ackAll(): Promise<void> {
    this.subscription.on('data', (event: Delivered) => void this.subscription.ack(event));
    if (this.delivered.length > 0) await this.subscription.ack(...this.delivered);
  }

  /** Ids, or the shape `<n>/<retry>` where events carry a number. */
  get seen(): string[] {
    return this.delivered.map(
      ({ event, retryCount }) => `${(event?.data as { n?: number } | undefined)?.n}/${retryCount}`,
    );
  }
}

/** Waits for a condition; names it when it never comes true. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const giveUpAt = Date.now() + deadlineMs; !(await condition()); await pause(pauseMs)) {
    if (Date.now() > giveUpAt) throw new Error(`never came true: ${what}`);
  }
}

/** Events with the numbers `from` to `to` as data. */
export const numbered = (from: number, to: number, type = 'Counted') =>
  Array.from({ length: to - from + 1 }, (_, i) => jsonEvent({ type, data: { n: from + i } }));

let names = 0;
/** A name no other test uses, in this run or another. */
export const freshName = (prefix: string): string => `${prefix}-${process.pid}-${Date.now()}-${(names += 1)}`;

/** All events of a stream, oldest first. */
export async function streamOf(client: EventStoreDBClient, stream: string) {
  const events = [];
  for await (const { event } of client.readStream(stream)) if (event !== undefined) events.push(event);
  return events;
}
