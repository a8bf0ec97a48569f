import { CommandContext } from './command-context';
import { RecordedEvent } from './recorded-event';

/**
 * The context of what `service` does about an event: names it as the cause, and goes on under its request, correlation and
 * trace. The command's id is the event's, so that an event which comes again is the same command; a reaction that appends
 * more than once, or not the same each time, gives each command an id of its own.
 */
export const reactionContext = ({ eventId, metadata }: RecordedEvent, service: string): CommandContext => ({
  commandId: eventId,
  actor: `service:${service}`,
  requestId: metadata.requestId ?? eventId,
  correlationId: metadata.$correlationId ?? eventId,
  causationId: eventId,
  ...(metadata.traceparent && { traceparent: metadata.traceparent }),
});
