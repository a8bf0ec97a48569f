export * from './clock';
export * from './decider';
export * from './hark-error';
export * from './ids';
export * from './server-url';
