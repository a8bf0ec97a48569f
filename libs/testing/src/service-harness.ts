import { DataSource } from 'typeorm';
import { eventSchemas } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';
import { Disposables } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Config, Keys } from '@hark/service';
import { StackEnv, startStack } from './start-stack';

/** How long what a test itself appends and reads may take: tests write hundreds of events at once, on slow machines too. */
const storeDeadlineMs = 60_000;

/** A service on stores of its own, seen from outside. */
export interface ServiceHarness<Running> {
  /** What `start` gave back. */
  readonly service: Running;
  readonly env: StackEnv;
  /** Asks the service like the gateway does; name the caller in the meta, or it is a service called `test`. */
  readonly requests: RpcClient;
  /** To read what was stored, and to append what other services would have. */
  readonly eventStore: EventStore;
  readonly keys: Keys;
  /** Rows of a query on the service's database. */
  sql<Row extends object = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>;
  /** Stops the service and starts it again on the same stores, `settings` changed, after what happens `whileDown`. */
  restart(settings?: NodeJS.ProcessEnv, whileDown?: () => Promise<unknown>): Promise<Running>;
  /** Stops everything and removes the data. */
  close(): Promise<void>;
}

/** Starts the stores and, on them, the service; `settings` are added to its environment. */
export async function serviceHarness<Running extends { close(): Promise<void> }>(
  start: (env: NodeJS.ProcessEnv) => Promise<Running>,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServiceHarness<Running>> {
  const closing = new Disposables();
  try {
    const stack = await startStack();
    closing.add(stack);
    const env: StackEnv = { ...stack.env, ...settings };
    const keys = new Keys(new Config(env).masterKey);
    const database = await new DataSource({
      type: 'postgres',
      url: env.DATABASE_URL,
      poolSize: 2,
      installExtensions: false,
    }).initialize();
    closing.add({ close: () => database.destroy() });
    const eventStore = EventStore.connect(env.EVENTSTORE_URL, { schemas: eventSchemas, deadlineMs: storeDeadlineMs });
    closing.add(eventStore);
    const requests = await RpcClient.connect({
      url: env.NATS_URL,
      name: 'test',
      service: 'test',
      callerKey: keys.caller,
    });
    closing.add(requests);
    let service = await start(env);
    closing.add({ close: () => service.close() });
    return {
      env,
      keys,
      requests,
      eventStore,
      sql: (text, parameters) => database.query(text, parameters),
      get service() {
        return service;
      },
      restart: async (changed = {}, whileDown) => {
        await service.close();
        await whileDown?.();
        return (service = await start({ ...env, ...changed }));
      },
      close: () => closing.close(),
    };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
