/**
 * The part of a log that Hark's code uses; a pino logger fits. An abstract class, so that it is its own injection
 * token. Fields hold codes, ids and counts, never message texts, addresses, event data or whole payloads.
 */
export abstract class Logger {
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
}

/** Logs nothing: the default wherever a log is optional. */
export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
