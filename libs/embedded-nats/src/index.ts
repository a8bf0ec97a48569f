export * from './start-nats-broker';
