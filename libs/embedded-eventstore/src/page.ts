import { setImmediate } from 'node:timers/promises';
import type { EventLog, LogEvent } from './event-log';
import { resolveLink } from './links';
import { readEvent } from './read-event';
import type { ReadReply } from './read-reply';
import type { ReadRequest } from './read-request';

/** Events per page. What a slow reader holds in memory is one page. */
export const pageEventsMax = 256;

/** Sends a page, links resolved as asked, and returns when the reader has room for the next one (or is gone). */
export async function sendPage(
  log: EventLog,
  events: readonly LogEvent[],
  { resolveLinks, uuidForm }: Pick<ReadRequest, 'resolveLinks' | 'uuidForm'>,
  reply: ReadReply,
): Promise<void> {
  for (const event of events) {
    if (reply.closed) return;
    if (!reply.send(readEvent(resolveLink(log, event, resolveLinks), uuidForm))) await reply.drained();
  }
}

/** The log is read synchronously: between two pages everybody else gets a turn. */
export const yieldToOthers = (): Promise<void> => setImmediate();
