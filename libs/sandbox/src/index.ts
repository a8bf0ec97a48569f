export * from './sandbox';
export * from './sandbox-options';
export * from './start-sandbox';
