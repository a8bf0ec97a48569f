export * from './decider-spec';
export * from './fresh-database';
export * from './start-stack';
export * from './until';
