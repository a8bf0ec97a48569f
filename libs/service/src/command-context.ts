import { CommandContext } from '@hark/eventstore';
import { RequestContext } from '@hark/nats';

/** What is recorded beside the events of a request: who asked, under which ids. `actor` where it is not the caller. */
export const commandContext = (request: RequestContext, actor: string = actorOf(request)): CommandContext => ({
  commandId: request.commandId,
  requestId: request.requestId,
  correlationId: request.requestId,
  actor,
  ...(request.requestHash && { requestHash: request.requestHash }),
  ...(request.traceparent && { traceparent: request.traceparent }),
});

const actorOf = ({ caller: { kind, userId, service } }: RequestContext): string => {
  if (kind === 'user' && userId) return `user:${userId}`;
  return kind === 'service' && service ? `service:${service}` : 'anonymous';
};
