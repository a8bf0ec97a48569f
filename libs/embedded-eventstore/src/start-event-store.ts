import { createPersistentSubscriptions } from './persistent';
import { type EventStore, type EventStoreOptions, startServer } from './server';

/** Starts an event store in this thread. Resolves when clients can connect; rejects when the log or port cannot be had. */
export const startEventStore = (options: EventStoreOptions): Promise<EventStore> =>
  startServer(options, createPersistentSubscriptions);
