import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { MAXU64, streamName, type UuidForm } from './codec';
import { compileFilter, type EventFilter, readFilter } from './filter';
import { invalidArgument, unknownError } from './service-error';
import { isStreamName } from './system-streams';

/** A place in a stream as asked for. */
export type StreamStart =
  { readonly is: 'start' } | { readonly is: 'end' } | { readonly is: 'revision'; readonly revision: bigint };

/** A place in `$all` as asked for; prepare is never greater than commit. */
export type AllStart =
  | { readonly is: 'start' }
  | { readonly is: 'end' }
  | { readonly is: 'position'; readonly commit: number; readonly prepare: number };

interface Reading {
  readonly uuidForm: UuidForm;
  readonly resolveLinks: boolean;
}

/** The four things that `Read` can be asked for. */
export type ReadRequest = Reading &
  (
    | {
        readonly is: 'read-stream';
        readonly streamId: string;
        readonly from: StreamStart;
        readonly backwards: boolean;
        readonly count: bigint;
      }
    | {
        readonly is: 'read-all';
        readonly from: AllStart;
        readonly backwards: boolean;
        readonly count: bigint;
        readonly filter?: EventFilter;
      }
    | { readonly is: 'subscribe-to-stream'; readonly streamId: string; readonly from: StreamStart }
    | { readonly is: 'subscribe-to-all'; readonly from: AllStart; readonly filter?: EventFilter }
  );

/**
 * Throws INVALID_ARGUMENT for a combination that means nothing, UNKNOWN for values EventStoreDB 24.10 stumbles over. Ids are
 * structured unless text is asked for.
 */
export function parseReadRequest(request: ReadReq): ReadRequest {
  const options = request.getOptions();
  if (options === undefined) throw unknownError();
  const uuid = options.getUuidOption();
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  const count = countOf(options);
  const filter = options.getFilter();
  if (uuid === undefined) throw invalidArgument('uuid_option is missing');
  if (filter === undefined && !options.hasNoFilter()) throw invalidArgument('filter_option is missing');
  if (count === undefined && backwards) throw invalidArgument('a subscription reads forwards');
  const reading: Reading = {
    uuidForm: uuid.hasString() ? 'string' : 'structured',
    resolveLinks: options.getResolveLinks(),
  };
  const stream = options.getStream();
  if (stream !== undefined) {
    if (filter !== undefined) throw invalidArgument('a stream is read without filter');
    const streamId = streamName(stream.getStreamIdentifier());
    if (!isStreamName(streamId)) throw unknownError();
    const from = streamStart(stream);
    if (count === undefined) return { ...reading, is: 'subscribe-to-stream', streamId, from };
    return { ...reading, is: 'read-stream', streamId, from, backwards, count };
  }
  const all = options.getAll();
  if (all === undefined) throw invalidArgument('stream_option is missing');
  const from = allStart(all);
  const compiled = filter === undefined ? {} : { filter: filterOf(filter, count === undefined) };
  if (count === undefined) return { ...reading, ...compiled, is: 'subscribe-to-all', from };
  return { ...reading, ...compiled, is: 'read-all', from, backwards, count };
}

function filterOf(options: ReadReq.Options.FilterOptions, forSubscription: boolean): EventFilter {
  const settings = readFilter(options);
  if (!options.hasMax() && !options.hasCount()) throw invalidArgument('window is missing');
  // Only a subscription has checkpoints.
  if (forSubscription && settings.checkpointIntervalMultiplier === 0) throw unknownError();
  return compileFilter(settings);
}

/** `undefined` for a subscription. */
function countOf(options: ReadReq.Options): bigint | undefined {
  if (options.hasSubscription()) return undefined;
  if (!options.hasCount()) throw invalidArgument('count_option is missing');
  const count = BigInt(options.getCount());
  if (count === 0n) throw unknownError();
  return count;
}

function streamStart(stream: ReadReq.Options.StreamOptions): StreamStart {
  if (stream.hasStart()) return { is: 'start' };
  if (stream.hasEnd()) return { is: 'end' };
  if (!stream.hasRevision()) throw unknownError();
  const revision = stream.getRevision();
  return revision === MAXU64 ? { is: 'end' } : { is: 'revision', revision: BigInt(revision) };
}

function allStart(all: ReadReq.Options.AllOptions): AllStart {
  if (all.hasStart()) return { is: 'start' };
  if (all.hasEnd()) return { is: 'end' };
  const position = all.getPosition();
  if (position === undefined) throw unknownError();
  const commit = position.getCommitPosition();
  const prepare = position.getPreparePosition();
  if (commit === MAXU64 && prepare === MAXU64) return { is: 'end' };
  if (BigInt(commit) < BigInt(prepare)) throw unknownError();
  return { is: 'position', commit: inLog(commit), prepare: inLog(prepare) };
}

/** Positions are compared as numbers; no log reaches the largest one. */
const inLog = (position: string): number => Math.min(Number(position), Number.MAX_SAFE_INTEGER);

/** The position after which events lie at or beyond (commit, prepare), this one included. */
export const beforeInclusive = ({ commit }: { commit: number }): number => commit - 1;

/** The position after which events lie strictly beyond (commit, prepare), compared in that order. */
export const beforeExclusive = ({ commit, prepare }: { commit: number; prepare: number }): number =>
  prepare < commit ? commit - 1 : commit;
