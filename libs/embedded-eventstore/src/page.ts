import { setImmediate } from 'node:timers/promises';
import { FramedMessages } from '@hark/framed-messages';
import type { EventLog, LogEvent } from './event-log';
import { resolveLink } from './links';
import { readEvent } from './read-event';
import type { ReadReply } from './read-reply';
import type { ReadRequest } from './read-request';

/** Events per page. What a slow reader holds in memory is one page. */
export const pageEventsMax = 256;
/** How much goes into one write. A reader that is slow has 16 of them waiting, which is about a page. */
const bytesAtOnce = 65_536;

/** Sends a page, links resolved as asked, and returns when the reader has room for the next one (or is gone). */
export async function sendPage(
  log: EventLog,
  events: readonly LogEvent[],
  { resolveLinks, uuidForm }: Pick<ReadRequest, 'resolveLinks' | 'uuidForm'>,
  reply: ReadReply,
): Promise<void> {
  let encoded: Uint8Array[] = [];
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    if (reply.closed) return;
    const message = readEvent(resolveLink(log, event, resolveLinks), uuidForm);
    encoded.push(message);
    bytes += message.byteLength;
    if (bytes < bytesAtOnce && index < events.length - 1) continue;
    if (!reply.send(new FramedMessages(encoded))) await reply.drained();
    encoded = [];
    bytes = 0;
  }
}

/** The log is read synchronously: between two pages everybody else gets a turn. */
export const yieldToOthers = (): Promise<void> => setImmediate();
