export * from './door';
export * from './fresh-database';
export * from './poison';
export * from './service-harness';
export * from './spec-for';
export * from './start-stack';
export * from './temp-store';
export * from './until';
