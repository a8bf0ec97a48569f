import {
  type EventStoreDBClient,
  jsonEvent,
  type PersistentSubscriptionToStreamResolvedEvent,
} from '@eventstore/db-client';
import { eventually } from '../store.fixture';

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
