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

const actorOf = ({ caller: { kind, userId, service, link } }: RequestContext): string => {
  if (kind === 'user' && userId) return `user:${userId}`;
  if (kind === 'mail-link' && link) return `mail_link:${link.personId}`;
  return kind === 'service' && service ? `service:${service}` : 'anonymous';
};
