import { createHash } from 'node:crypto';

/** A position in the log. Compared by `comparePositions`. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event in its wire form: what is copied, and its place in the source. */
export interface CopiedEvent {
  readonly streamId: string;
  /** From 0; `tombstoneRevision` for a tombstone. */
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  /** The very bytes. */
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly position: LogPosition;
}

/** The revision that EventStoreDB gives to a tombstone. */
export const tombstoneRevision = 9223372036854775807n;

export const isTombstone = ({ revision }: Pick<CopiedEvent, 'revision'>): boolean => revision === tombstoneRevision;

/** The stream that holds the metadata of `streamId`. */
export const metastreamOf = (streamId: string): string => `$$${streamId}`;

/**
 * Whether a stream belongs to users, or is the metadata of such a stream. Every other stream that begins with `$` is
 * the server's bookkeeping (users, projections and their links, persistent subscriptions, statistics), which a target
 * makes itself.
 */
export const isCopied = (streamId: string): boolean => !streamId.replace(/^\$\$/, '').startsWith('$');

/** Negative when `a` is before `b`, 0 when they are the same. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  const [left, right] = a.commit === b.commit ? [a.prepare, b.prepare] : [a.commit, b.commit];
  return left < right ? -1 : Number(left > right);
}

/**
 * The first field in which a copy differs from its original, or `undefined`. A tombstone's id may differ: the server
 * chooses it.
 */
export function differenceOf(original: CopiedEvent, copy: CopiedEvent): string | undefined {
  if (original.streamId !== copy.streamId) return 'stream';
  if (original.revision !== copy.revision) return 'revision';
  if (original.type !== copy.type) return 'type';
  if (isTombstone(original)) return undefined;
  if (original.id !== copy.id) return 'id';
  if (original.contentType !== copy.contentType) return 'content type';
  if (Buffer.compare(original.data, copy.data) !== 0) return 'data';
  return Buffer.compare(original.metadata, copy.metadata) === 0 ? undefined : 'metadata';
}

/**
 * SHA-256 over the hash so far and the event: revision, id, type, content type, data and metadata, each after its
 * length, so that two different streams never give the same bytes. Each hash includes the one before, so the last
 * stands for the whole stream.
 */
export function chainedHash(before: Uint8Array, event: CopiedEvent): Uint8Array {
  const hash = createHash('sha256').update(before);
  const id = isTombstone(event) ? '' : event.id;
  for (const text of [String(event.revision), id, event.type, event.contentType]) addPart(hash, Buffer.from(text));
  addPart(hash, event.data);
  addPart(hash, event.metadata);
  return hash.digest();
}

function addPart(hash: ReturnType<typeof createHash>, part: Uint8Array): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  hash.update(length).update(part);
}

/** Names the event, for people. */
export const nameOf = ({ streamId, revision }: Pick<CopiedEvent, 'streamId' | 'revision'>): string =>
  isTombstone({ revision }) ? `the tombstone of ${streamId}` : `event ${revision} of ${streamId}`;
