import { z } from 'zod';
import { parse } from '@hark/contracts';
import { CommandContext } from '@hark/eventstore';
import { ErrorCode, HarkError, parseId } from '@hark/kernel';
import { RequestContext } from '@hark/nats';

/** The person who asks; `session.required` for everybody who is not logged in as one. */
export function requireUser({ caller }: RequestContext): string {
  if (caller.kind === 'user' && caller.userId) return caller.userId;
  throw new HarkError('refused', 'session.required', 'only a person who is logged in may ask this');
}

/** The operator who asks; `role.required` for everybody without that role. */
export const requireOperator = (request: RequestContext): string => holderOf(request, 'operator');

/** The admin who asks; `role.required` for everybody without that role. */
export const requireAdmin = (request: RequestContext): string => holderOf(request, 'admin');

function holderOf(request: RequestContext, role: 'operator' | 'admin'): string {
  const personId = requireUser(request);
  if (request.caller.roles.includes(role)) return personId;
  throw new HarkError('refused', 'role.required', `only an ${role} may ask this`, { extra: { role } });
}

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

/**
 * The request by its schema, where a malformed id in `name` is answered like one that does not exist: `not-found` with
 * `code`, so that nobody learns from the difference what an id looks like.
 */
export function parseWithId<S extends z.ZodType>(schema: S, body: unknown, name: string, code: ErrorCode): z.output<S> {
  parseId((body as Readonly<Record<string, unknown>> | null)?.[name], code);
  return parse(schema, body);
}
