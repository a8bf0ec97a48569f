import { comparePositions, type CopiedEvent, isCopied, type LogPosition } from './copied-event';

/** Only what is copied, and only up to and including `head`. */
export async function* copiedEvents(
  events: AsyncIterable<CopiedEvent>,
  { head, after }: { head?: LogPosition; after?: LogPosition } = {},
): AsyncGenerator<CopiedEvent> {
  for await (const event of events) {
    if (head !== undefined && comparePositions(event.position, head) > 0) return;
    if (after !== undefined && comparePositions(event.position, after) <= 0) continue;
    if (isCopied(event.streamId)) yield event;
  }
}
