export * from './clock';
export * from './cut-text';
export * from './decider';
export * from './hark-error';
export * from './ids';
export * from './logger';
export * from './precise-clock';
export * from './server-url';
