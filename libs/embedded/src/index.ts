export * from './event-store';
export * from './nats';
export * from './postgres';
