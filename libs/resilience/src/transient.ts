import { types } from 'node:util';
import { HarkError } from '@hark/kernel';

// System error codes of sockets and name look-ups.
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
// PostgreSQL docs, appendix A (error codes): connection, resources, operator intervention, transaction rollback. 25006:
// the server has become a read-only replica.
const databaseClasses = /^((08|53|57|40)[0-9A-Z]{3}|25006)$/;
// Messages of `pg` and its pool for errors without a code.
const databaseTexts =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed and is not queryable)/;
const causesMax = 5;

/** Whether a failure is likely to pass by itself: `unavailable`, a lost race, or the network or the database away. */
export function isTransient(error: unknown): boolean {
  for (let depth = 0, at: unknown = error; depth < causesMax && isError(at); depth += 1, at = at.cause) {
    // Losing a race again and again means a busy stream; it will be quieter later.
    if (at instanceof HarkError) return at.kind === 'unavailable' || at.code === 'eventstore.lost-race';
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (networkCodes.has(code) || databaseClasses.test(code) || databaseTexts.test(at.message)) return true;
    if ('errors' in at && Array.isArray(at.errors) && at.errors.some(isTransient)) return true;
  }
  return false;
}

/** Also an error made in another realm (as under test), which is not an instance of this realm's `Error`. */
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);
