import { MAXU64 } from './codec';
import type { ExpectedRevision } from './event-log';
import { expectedNumber } from './service-error';

interface ExpectedMessage {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** What a request expects of its stream; `undefined` when it does not say. MAXU64 on the wire means no stream. */
export function readExpected(message: ExpectedMessage, exact: string | undefined): ExpectedRevision | undefined {
  if (message.hasAny()) return { is: 'any' };
  if (message.hasNoStream()) return { is: 'no-stream' };
  if (message.hasStreamExists()) return { is: 'stream-exists' };
  if (exact === undefined) return undefined;
  return exact === MAXU64 ? { is: 'no-stream' } : { is: 'exact', revision: BigInt(exact) };
}

/** As error trailers write it. */
export const numberOf = (expected: ExpectedRevision): bigint =>
  expected.is === 'exact' ? expected.revision : expectedNumber[expected.is];
