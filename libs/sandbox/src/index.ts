export * from './sandbox';
export * from './sandbox.config';
export * from './start-sandbox';
