import { eventSchemas } from '@hark/contracts';
import { EventStore, Reactor, RecordedEvent } from '@hark/eventstore';
import { DomainEvent, uuid7 } from '@hark/kernel';
import { categoryOf, GivenStream } from './given-stream';
import { startStack } from './start-stack';

interface Consequence {
  /** These events stand at the end of these streams, and nothing else was written; nor is it when the event comes again. */
  thenAppended(...streams: GivenStream[]): Promise<void>;
  thenNothing(): Promise<void>;
}

/** The sentence of a reactor's spec: `given(stream, …).when(stream(id, event)).thenAppended(stream, …)`. */
export interface ReactorSpec<E extends DomainEvent> {
  given(...streams: GivenStream[]): { when(happens: GivenStream<E>): Consequence };
  /** The same with nothing before. */
  when(happens: GivenStream<E>): Consequence;
}

/**
 * Given, when, then for a reactor whose effects are events, on a real event store without a service: `make` is handed the
 * store. Call it in a `describe`. Every outcome also checks that the event, when it is delivered again, twice at once and
 * once more, leaves everything as it was.
 */
export function reactorSpec<E extends DomainEvent>(make: (store: EventStore) => Reactor<E>): ReactorSpec<E> {
  let store: EventStore;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const stack = await startStack({ eventStore: true });
    store = EventStore.connect(stack.env.EVENTSTORE_URL, { schemas: eventSchemas });
    close = async () => (await store.close(), await stack.close());
  });
  afterAll(() => close());

  const append = async ({ id, events }: GivenStream): Promise<void> => {
    for (const event of events) {
      const { length } = await store.read(categoryOf(event), id);
      const commandId = uuid7();
      const context = { commandId, requestId: commandId, correlationId: commandId, actor: 'service:test' };
      await store.append(categoryOf(event), id, length === 0 ? 'no-stream' : length - 1, [event], context);
    }
  };
  const log = async (): Promise<{ type: string; streamId: string; data: unknown }[]> => {
    const all = [];
    for await (const { event } of store.client.readAll({ maxCount: 10_000 }))
      if (event && !event.streamId.startsWith('$')) all.push(event);
    return all.map(({ type, streamId, data }) => ({ type, streamId, data }));
  };

  const given = (...streams: GivenStream[]) => ({
    when: (happens: GivenStream<E>): Consequence => {
      const thenAppended = async (...expected: GivenStream[]): Promise<void> => {
        for (const one of [...streams, happens]) await append(one);
        const reactor = make(store);
        const last = happens.events.at(-1)!;
        const told = (await store.read(categoryOf(last), happens.id)).at(-1) as RecordedEvent<E>;
        expect(reactor.reactsTo).toContain(told.event.type);
        const before = (await log()).length;
        await reactor.react(told);
        const appended = (await log()).slice(before);
        const flat = expected.flatMap(({ id, events }) =>
          events.map((event) => ({ ...event, streamId: `${categoryOf(event)}-${id}` })),
        );
        expect(appended).toMatchObject(flat);
        await Promise.all([make(store).react(told), reactor.react(told)]);
        await reactor.react(told);
        expect(await log()).toHaveLength(before + appended.length);
      };
      return { thenAppended, thenNothing: () => thenAppended() };
    },
  });
  return { given, when: (happens) => given().when(happens) };
}
