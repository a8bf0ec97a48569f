export { checkLogFile, type CopiedLog, eventsOfLogFile, type LogFileEvent } from './copy-log';
export { type KeyAndCertificate, selfSigned } from './self-signed';
export { type EventStore, type EventStoreOptions, startEventStore, type TlsOptions } from './server';
export { type EventStoreInWorker, startEventStoreInWorker } from './start-event-store-in-worker';
