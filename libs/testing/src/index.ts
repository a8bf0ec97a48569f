export * from './spec-for';
export * from './fresh-database';
export * from './poison';
export * from './service-harness';
export * from './start-stack';
export * from './until';
