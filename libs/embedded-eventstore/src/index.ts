export { checkLogFile, type CopiedLog, eventsOfLogFile, type LogFileEvent } from './copy-log';
export { type KeyAndCertificate, selfSigned } from './self-signed';
export type { EventStore, EventStoreOptions, TlsOptions } from './server';
export { startEventStore } from './start-event-store';
export { type EventStoreInWorker, startEventStoreInWorker } from './start-event-store-in-worker';
