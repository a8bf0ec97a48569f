export * from './counts';
export * from './data-source';
export * from './due';
export * from './pages';
export * from './projection';
export * from './read-model';
export type { RebuildProgress, RebuildReport } from './rebuild';
export * from './scheduler';
