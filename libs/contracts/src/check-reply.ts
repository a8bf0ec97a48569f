import { z } from 'zod';
import { HarkError } from '@hark/kernel';
import { replySchemas } from './reply-schemas';

const envelope = { position: z.string().optional(), replayed: z.boolean().optional() };

/**
 * Throws `invalid` `reply.invalid`, naming the place, when a reply in the form that crosses NATS does not fit its
 * contract.
 */
export function checkReply(subject: string, reply: unknown): void {
  const body = replySchemas[subject];
  if (!body) return;
  const sent: unknown = JSON.parse(JSON.stringify(reply ?? null));
  const { error } = z.strictObject({ ...envelope, body }).safeParse(sent);
  if (error) throw new HarkError('invalid', 'reply.invalid', `the reply to ${subject}: ${z.prettifyError(error)}`);
}
