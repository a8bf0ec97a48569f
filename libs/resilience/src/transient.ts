import { types } from 'node:util';
import { HarkError } from '@hark/kernel';

// Of sockets and name look-ups.
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// Of PostgreSQL: connection, resources, operator intervention, rollback of a transaction that may be run again.
// 25006: it has become a replica that only reads.
const databaseClasses = /^((08|53|57|40)[0-9A-Z]{3}|25006)$/;
// The pool and the driver of PostgreSQL give these no code.
const databaseTexts =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed and is not queryable)/;
const causesMax = 5;

/** Whether a failure is likely to pass by itself: `unavailable`, a lost race, or the network or the database away. */
export function isTransient(error: unknown): boolean {
  for (let depth = 0, at: unknown = error; depth < causesMax && isError(at); depth += 1, at = at.cause) {
    // A race that was lost over and over is a busy stream: quieter next time.
    if (at instanceof HarkError) return at.kind === 'unavailable' || at.code === 'eventstore.lost-race';
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (networkCodes.has(code) || databaseClasses.test(code) || databaseTexts.test(at.message)) return true;
    if ('errors' in at && Array.isArray(at.errors) && at.errors.some(isTransient)) return true;
  }
  return false;
}

/** Also one that Node itself made, which another realm (as under test) does not know as its own `Error`. */
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);
