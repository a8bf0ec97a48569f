export * from './back-off';
export * from './keyed-queue';
export * from './pace';
export * from './retry';
export * from './round-robin';
export * from './shares';
export * from './transient';
export * from './with-timeout';
