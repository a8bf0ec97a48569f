import type { EventLog, LogEvent, ScannedPage } from './event-log';
import { pageEventsMax, sendPage, yieldToOthers } from './page';
import type { ReadReply } from './read-reply';
import { type AllStart, beforeInclusive, type ReadRequest } from './read-request';

type AllRead = Extract<ReadRequest, { is: 'read-all' }>;

/** A finite read of the whole log: forwards from a position on, that one included; backwards strictly before it. */
export async function readAll(log: EventLog, request: AllRead, reply: ReadReply): Promise<void> {
  if (request.backwards) await readBackwards(log, request, reply);
  else await readForwards(log, request, reply);
  reply.end();
}

async function readForwards(log: EventLog, { filter, ...request }: AllRead, reply: ReadReply): Promise<void> {
  let cursor = forwardsFrom(request.from, log.head());
  let left = request.count;
  while (left > 0n && !reply.closed) {
    const page =
      filter === undefined
        ? unfilteredPage(log, cursor, pageSize(left))
        : log.scanAllForwards(cursor, pageEventsMax, filter.matches);
    const events = firstOf(page.events, left);
    await sendPage(log, events, request, reply);
    left -= BigInt(events.length);
    cursor = page.upTo;
    if (cursor >= log.head()) return;
    if (left > 0n) await yieldToOthers();
  }
}

function unfilteredPage(log: EventLog, after: number, limit: number): Pick<ScannedPage, 'events' | 'upTo'> {
  const events = log.readAllForwards(after, limit);
  return { events, upTo: events.at(-1)?.position ?? log.head() };
}

async function readBackwards(log: EventLog, request: AllRead, reply: ReadReply): Promise<void> {
  const { filter } = request;
  let cursor = backwardsFrom(request.from);
  let left = request.count;
  while (left > 0n && !reply.closed) {
    const page = log.readAllBackwards(cursor, filter === undefined ? pageSize(left) : pageEventsMax);
    const last = page.at(-1);
    if (last === undefined) return;
    const events = firstOf(filter === undefined ? page : page.filter((event) => filter.matches(event)), left);
    await sendPage(log, events, request, reply);
    left -= BigInt(events.length);
    cursor = last.position;
    if (left > 0n) await yieldToOthers();
  }
}

function forwardsFrom(from: AllStart, head: number): number {
  if (from.is === 'start') return 0;
  return from.is === 'end' ? head : beforeInclusive(from);
}

function backwardsFrom(from: AllStart): number {
  if (from.is === 'start') return 0;
  return from.is === 'end' ? Number.MAX_SAFE_INTEGER : from.commit;
}

const pageSize = (left: bigint): number => (left < BigInt(pageEventsMax) ? Number(left) : pageEventsMax);

const firstOf = (events: LogEvent[], left: bigint): LogEvent[] =>
  left < BigInt(events.length) ? events.slice(0, Number(left)) : events;
