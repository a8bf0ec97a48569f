export type { EventStore, EventStoreOptions } from './server';
export { startEventStore } from './start-event-store';
