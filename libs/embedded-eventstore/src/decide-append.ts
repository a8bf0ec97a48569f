import type { ExpectedRevision } from './event-log';

/** Where an event of the stream was found. */
export interface StoredAt {
  readonly revision: number;
  readonly position: number;
}

/** The stream as the decision needs it. */
export interface StreamFacts {
  /** Last revision, −1 without events. */
  readonly last: number;
  /** The stream, or the stream whose metadata it holds, carries a tombstone. */
  readonly tombstoned: boolean;
  readonly softDeleted: boolean;
  /** Its metastream has an event. */
  readonly hasMetadata: boolean;
  /** First copy of an event id in this stream. */
  firstById(id: string): StoredAt | undefined;
  /** Id and position of the event at a revision, metadata rules aside. */
  at(revision: number): { readonly id: string; readonly position: number } | undefined;
}

/** What is to be done with an append: write it, answer as if written, or refuse it. */
export type AppendDecision =
  | { readonly is: 'write' }
  | ({ readonly is: 'repeat' } & StoredAt)
  | { readonly is: 'wrong-expected-version' }
  | { readonly is: 'stream-deleted' };

const write: AppendDecision = { is: 'write' };
const wrong: AppendDecision = { is: 'wrong-expected-version' };
const deleted: AppendDecision = { is: 'stream-deleted' };

/**
 * The rules of expected versions and of repeated event ids. A tombstone beats everything, even a repeat. An exact
 * version equal to the last revision is never tested for repeats: the same id is written a second time.
 */
export function decideAppend(expected: ExpectedRevision, ids: readonly string[], stream: StreamFacts): AppendDecision {
  if (stream.tombstoned) return deleted;
  switch (expected.is) {
    case 'any':
      return decideById(ids, stream);
    case 'stream-exists':
      if (stream.softDeleted) return deleted;
      return stream.last < 0 && !stream.hasMetadata ? wrong : decideById(ids, stream);
    case 'no-stream':
      return decideExact(-1n, ids, stream);
    case 'exact':
      return decideExact(expected.revision, ids, stream);
  }
}

/** A repeat is known by its first id; then every other one must be known as well. Order does not count. */
function decideById(ids: readonly string[], stream: StreamFacts): AppendDecision {
  if (stream.last < 0) return write;
  let last: StoredAt | undefined;
  for (const id of ids) {
    const found = stream.firstById(id);
    if (found === undefined) return last === undefined ? write : wrong;
    last = found;
  }
  return last === undefined ? write : { is: 'repeat', ...last };
}

/** A repeat must hold the very ids that follow the expected revision. */
function decideExact(revision: bigint, ids: readonly string[], stream: StreamFacts): AppendDecision {
  const last = BigInt(stream.last);
  if (revision === last) return write;
  if (revision > last || ids.length === 0) return wrong;
  const expected = Number(revision);
  let position = 0;
  for (const [offset, id] of ids.entries()) {
    const stored = stream.at(expected + 1 + offset);
    if (stored?.id !== id) {
      const recreates = offset === 0 && expected === -1 && stream.softDeleted;
      return recreates ? write : wrong;
    }
    position = stored.position;
  }
  return { is: 'repeat', revision: expected + ids.length, position };
}
