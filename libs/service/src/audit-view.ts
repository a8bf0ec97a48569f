import { AuditView } from '@hark/contracts';
import type { RecordedEvent } from '@hark/eventstore';
import { masked } from './masked';

/** Who caused an event that does not say. */
export const unknownActor = 'unknown';

/** An event as operators see it, masked. */
export const auditViewOf = ({
  event,
  eventId,
  streamId,
  revision,
  position,
  recordedAt,
  metadata,
}: RecordedEvent): AuditView => ({
  id: eventId,
  stream: streamId,
  revision,
  position: String(position),
  type: event.type,
  at: recordedAt,
  actor: metadata.actor ?? unknownActor,
  ...(metadata.$correlationId !== undefined && { correlation: metadata.$correlationId }),
  ...(metadata.$causationId !== undefined && { cause: metadata.$causationId }),
  data: masked(event.data) as Record<string, unknown>,
});
