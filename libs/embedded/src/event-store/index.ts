export type { EventStore, EventStoreOptions } from './server';
export { startEventStore } from './start-event-store';
export { type EventStoreInWorker, startEventStoreInWorker } from './start-event-store-in-worker';
