export * from './event-store';
export * from './nats';
export * from './postgres';
export { privateFolder } from './private-folder';
