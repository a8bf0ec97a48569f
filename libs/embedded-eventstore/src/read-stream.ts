import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { streamIdentifier } from './codec';
import type { EventLog, LogEvent, StreamState } from './event-log';
import { pageEventsMax, sendPage, yieldToOthers } from './page';
import type { ReadReply } from './read-reply';
import type { ReadRequest, StreamStart } from './read-request';
import { streamDeleted, unknownError } from './service-error';

type StreamRead = Extract<ReadRequest, { is: 'read-stream' }>;
type Present = Extract<StreamState, { is: 'present' }>;

/**
 * A finite read of one stream. What metadata hides is left out; a stream that has nothing to show is answered by a
 * message, a tombstone by a status. Events appended during a long read may be included.
 */
export async function readStream(log: EventLog, request: StreamRead, reply: ReadReply): Promise<void> {
  const state = visibleState(log, request.streamId);
  if (!request.backwards && request.from.is === 'end') throw unknownError('Unexpected ReadStreamResult: Error');
  if (state === undefined) {
    const notFound = new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(request.streamId));
    reply.send(new ReadResp().setStreamNotFound(notFound));
  } else if (request.backwards) await readBackwards(log, request, state, reply);
  else await readForwards(log, request, reply);
  reply.end();
}

/** `undefined` when there is nothing to be found under this name. */
function visibleState(log: EventLog, streamId: string): Present | undefined {
  const state = log.state(streamId);
  if (state.is === 'tombstoned') throw streamDeleted(streamId);
  return state.is === 'present' && !state.softDeleted ? state : undefined;
}

async function readForwards(log: EventLog, request: StreamRead, reply: ReadReply): Promise<void> {
  let next = request.from.is === 'revision' ? request.from.revision : 0n;
  let left = request.count;
  while (left > 0n && !reply.closed) {
    const state = visibleState(log, request.streamId);
    if (state === undefined) return;
    if (state.first > next) next = state.first;
    if (next > state.last) return;
    const page = log.readStreamForwards(request.streamId, next, pageSize(left));
    const last = page.at(-1);
    if (last === undefined) return;
    const visible = page.filter((event) => !isExpired(event, state));
    await sendPage(log, visible, request, reply);
    left -= BigInt(visible.length);
    next = last.revision + 1n;
    if (next > state.last && log.head() === last.position) return;
    await yieldToOthers();
  }
}

async function readBackwards(log: EventLog, request: StreamRead, opening: Present, reply: ReadReply): Promise<void> {
  let next = backwardsFrom(request.from, opening.last);
  let left = request.count;
  while (left > 0n && !reply.closed) {
    const state = visibleState(log, request.streamId);
    if (state === undefined || next < state.first) return;
    const page = log.readStreamBackwards(request.streamId, next, pageSize(left));
    const visible = page.filter((event) => event.revision >= state.first);
    const end = visible.findIndex((event) => isExpired(event, state));
    await sendPage(log, end < 0 ? visible : visible.slice(0, end), request, reply);
    const last = page.at(-1);
    if (last === undefined || end >= 0 || visible.length < page.length) return;
    left -= BigInt(visible.length);
    next = last.revision - 1n;
    if (next < 0n) return;
    await yieldToOthers();
  }
}

function backwardsFrom(from: StreamStart, last: bigint): bigint {
  if (from.is === 'start') return 0n;
  return from.is === 'end' || from.revision > last ? last : from.revision;
}

const pageSize = (left: bigint): number => (left < BigInt(pageEventsMax) ? Number(left) : pageEventsMax);

const isExpired = (event: LogEvent, { maxAgeMs }: Present): boolean =>
  maxAgeMs !== undefined && event.createdMs < Date.now() - maxAgeMs;
