import { CommandContext } from './command-context';
import { RecordedEvent } from './recorded-event';

/**
 * The context of what `service` does about an event: the event is its cause, and request, correlation and trace
 * continue. The command's id is the event's, so that a redelivered event is the same command. A reaction that appends
 * more than once, or not the same each time, must give each command its own id.
 */
export const reactionContext = ({ eventId, metadata }: RecordedEvent, service: string): CommandContext => ({
  commandId: eventId,
  actor: `service:${service}`,
  requestId: metadata.requestId ?? eventId,
  correlationId: metadata.$correlationId ?? eventId,
  causationId: eventId,
  ...(metadata.traceparent && { traceparent: metadata.traceparent }),
});
