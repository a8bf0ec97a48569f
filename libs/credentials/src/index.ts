export * from './credential';
export * from './mail-link';
