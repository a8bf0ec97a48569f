import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStore } from '@hark/embedded-eventstore';
import { startNatsBroker } from '@hark/embedded-nats';
import { Disposables } from '@hark/kernel';
import { freshDatabase } from './fresh-database';

/** Which stores a test needs. */
export interface StackParts {
  readonly eventStore?: true;
  readonly nats?: true;
  readonly database?: true;
}

/**
 * What a service is told: its stores (only those that were asked for are set), and to check what it answers against its
 * contract.
 */
export interface StackEnv extends NodeJS.ProcessEnv {
  EVENTSTORE_URL: string;
  NATS_URL: string;
  DATABASE_URL: string;
  HARK_MASTER_KEY: string;
  HARK_CHECK_REPLIES: 'true';
}

/** Real stores of a test's own. */
export interface Stack {
  readonly env: StackEnv;
  /** Ends the stores and removes their data. Calling it again is harmless. */
  close(): Promise<void>;
}

const everything: StackParts = { eventStore: true, nats: true, database: true };

/**
 * Starts the stores that are asked for (all, when none is named), empty and shared with nobody: event store and broker in
 * this process on free ports, a database on the test run's Postgres, a master key. Tests in parallel get one each.
 */
export async function startStack(parts: StackParts = everything): Promise<Stack> {
  const closing = new Disposables();
  const env: Partial<StackEnv> = {
    HARK_MASTER_KEY: randomBytes(32).toString('base64'),
    HARK_CHECK_REPLIES: 'true',
  };
  try {
    if (parts.eventStore) {
      const dataDir = await mkdtemp(join(tmpdir(), 'hark-test-events-'));
      closing.add({ close: () => rm(dataDir, { recursive: true, force: true }) });
      const eventStore = await startEventStore({ dataDir });
      closing.add(eventStore);
      env.EVENTSTORE_URL = eventStore.url;
    }
    if (parts.nats) {
      const broker = await startNatsBroker();
      closing.add(broker);
      env.NATS_URL = broker.url;
    }
    if (parts.database) {
      const database = await freshDatabase();
      closing.add(database);
      env.DATABASE_URL = database.url;
    }
  } catch (error) {
    await closing.close();
    throw error;
  }
  return { env: env as StackEnv, close: () => closing.close() };
}
