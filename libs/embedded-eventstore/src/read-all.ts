import type { EventLog, LogEvent } from './event-log';
import { pageEventsMax, sendPage, yieldToOthers } from './page';
import type { ReadReply } from './read-reply';
import { type AllStart, beforeInclusive, type ReadRequest } from './read-request';

type AllRead = Extract<ReadRequest, { is: 'read-all' }>;

/** A finite read of the whole log: forwards from a position on, that one included; backwards strictly before it. */
export async function readAll(log: EventLog, request: AllRead, reply: ReadReply): Promise<void> {
  const { backwards, filter } = request;
  let cursor = backwards ? backwardsFrom(request.from) : forwardsFrom(request.from, log.head());
  let left = request.count;
  while (left > 0n && !reply.closed) {
    const limit = filter === undefined && left < BigInt(pageEventsMax) ? Number(left) : pageEventsMax;
    const page = backwards ? log.readAllBackwards(cursor, limit) : log.readAllForwards(cursor, limit);
    const last = page.at(-1);
    if (last === undefined) break;
    const wanted = filter === undefined ? page : page.filter((event) => filter.matches(event));
    const events = firstOf(wanted, left);
    await sendPage(log, events, request, reply);
    left -= BigInt(events.length);
    cursor = last.position;
    if (left > 0n) await yieldToOthers();
  }
  reply.end();
}

function forwardsFrom(from: AllStart, head: number): number {
  if (from.is === 'start') return 0;
  return from.is === 'end' ? head : beforeInclusive(from);
}

function backwardsFrom(from: AllStart): number {
  if (from.is === 'start') return 0;
  return from.is === 'end' ? Number.MAX_SAFE_INTEGER : from.commit;
}

const firstOf = (events: LogEvent[], left: bigint): LogEvent[] =>
  left < BigInt(events.length) ? events.slice(0, Number(left)) : events;
