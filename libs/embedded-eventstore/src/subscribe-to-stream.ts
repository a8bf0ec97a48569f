import { CommitSignal } from './commit-signal';
import type { EventLog, LogEvent } from './event-log';
import { MAX64 } from './event-log';
import { pageEventsMax, sendPage, yieldToOthers } from './page';
import type { ReadReply } from './read-reply';
import type { ReadRequest, StreamStart } from './read-request';
import { streamDeleted } from './service-error';
import { caughtUp, confirmation } from './subscription-messages';

type StreamSubscription = Extract<ReadRequest, { is: 'subscribe-to-stream' }>;

/**
 * A subscription to one stream: one cursor over history and present, so that no event is missed or repeated between
 * the two. Metadata hides events of the history only. A tombstone is delivered and then ends the call.
 */
export async function subscribeToStream(log: EventLog, request: StreamSubscription, reply: ReadReply): Promise<void> {
  const { streamId } = request;
  if (log.state(streamId).is === 'tombstoned') throw streamDeleted(streamId);
  const signal = new CommitSignal(log, reply.signal);
  try {
    let cursor = startAfter(request.from, lastRevision(log, streamId));
    let live = request.from.is === 'end';
    reply.send(confirmation());
    if (live) reply.send(caughtUp());
    while (!reply.closed) {
      if (!live) cursor = skipHidden(log, streamId, cursor);
      const page = log.readStreamForwards(streamId, cursor + 1n, pageEventsMax);
      const last = page.at(-1);
      if (last === undefined) {
        if (live) await signal.grew();
        else reply.send(caughtUp());
        live = true;
        continue;
      }
      await sendPage(log, live ? page : unexpired(log, streamId, page), request, reply);
      if (last.revision === MAX64) throw streamDeleted(streamId);
      cursor = last.revision;
      await reply.drained();
      if (!live) await yieldToOthers();
    }
  } finally {
    signal.close();
  }
}

/** Last revision of the stream whether or not it can be seen, −1 for none. */
const lastRevision = (log: EventLog, streamId: string): bigint => {
  const state = log.state(streamId);
  return state.is === 'present' ? state.last : -1n;
};

function startAfter(from: StreamStart, last: bigint): bigint {
  if (from.is === 'start') return -1n;
  return from.is === 'end' ? last : from.revision;
}

/** Moves the cursor of a reader of history over what metadata hides; events yet to come are never skipped. */
function skipHidden(log: EventLog, streamId: string, cursor: bigint): bigint {
  const state = log.state(streamId);
  if (state.is === 'tombstoned') throw streamDeleted(streamId);
  if (state.is === 'absent' || state.first <= cursor + 1n) return cursor;
  const lastHidden = state.first - 1n < state.last ? state.first - 1n : state.last;
  return lastHidden > cursor ? lastHidden : cursor;
}

function unexpired(log: EventLog, streamId: string, page: LogEvent[]): LogEvent[] {
  const state = log.state(streamId);
  if (state.is !== 'present' || state.maxAgeMs === undefined) return page;
  const oldestMs = Date.now() - state.maxAgeMs;
  return page.filter((event) => event.createdMs >= oldestMs);
}
