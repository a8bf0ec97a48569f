/** What this library needs of a logger; a pino logger fits. Fields hold codes, ids and counts, never event data. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Says nothing: the default wherever a logger is optional. */
export const silentStoreLog: StoreLog = { info: () => {}, warn: () => {}, error: () => {} };
