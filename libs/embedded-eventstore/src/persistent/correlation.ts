import { textOf } from '../codec';
import type { Message } from './message';
import { sourceStream } from './pinned';

/** The `$correlationId` in the event's metadata; without a textual one, the stream the event came from. */
export function correlationOf(message: Message): string {
  const { metadata } = message.resolved.event ?? message.original;
  return correlationIn(textOf(metadata)) ?? sourceStream(message);
}

function correlationIn(metadata: string): string | undefined {
  try {
    const { $correlationId } = Object(JSON.parse(metadata)) as { $correlationId?: unknown };
    return typeof $correlationId === 'string' ? $correlationId : undefined;
  } catch {
    return undefined;
  }
}
