import { HarkError } from '@hark/kernel';

/** What the domain needs to know of whoever asks. */
export interface Asker {
  readonly kind: string;
  readonly userId?: string;
}

/** The person who asks; `session.required` for everybody who is not logged in as one. */
export function personOf({ kind, userId }: Asker): string {
  if (kind === 'user' && userId) return userId;
  throw new HarkError('refused', 'session.required', 'only a person who is logged in may ask this');
}

interface Asked {
  readonly caller: Asker & { readonly service?: string };
  readonly commandId: string;
  readonly requestHash?: string;
  readonly requestId: string;
  readonly traceparent?: string;
}

/** What is recorded beside the events of a request: who asked, under which ids. */
export const commandOf = ({ caller, commandId, requestHash, requestId, traceparent }: Asked) => ({
  commandId,
  requestId,
  correlationId: requestId,
  actor: actorOf(caller),
  ...(requestHash && { requestHash }),
  ...(traceparent && { traceparent }),
});

const actorOf = ({ kind, userId, service }: Asked['caller']): string => {
  if (kind === 'user' && userId) return `user:${userId}`;
  return kind === 'service' && service ? `service:${service}` : 'anonymous';
};
