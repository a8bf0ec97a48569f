import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { hash, isoTime, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

const verdict = {
  /** Names exactly the text that was judged; a new text needs a new verdict. */
  contentHash: hash,
  ruleVersion: z.string(),
  /** `not-judged`: no openid of theirs was active within WeChat's two hours; `off`: not configured. */
  wechat: z.enum(['pass', 'review', 'risky', 'not-judged', 'unavailable', 'off']),
  traceId: z.string().optional(),
  at: isoTime,
};

export const moderationEventSchemas = {
  // moderation-<pushId>
  'moderation.passed': z.strictObject({ ...verdict }),
  /** `label` is a stable word such as `ads` or `fraud`; never the text that was hit. */
  'moderation.blocked': z.strictObject({ ...verdict, label: z.string() }),
  'moderation.held': z.strictObject({ ...verdict, label: z.string() }),
  'moderation.approved': z.strictObject({
    contentHash: hash,
    operatorId: uuid,
    decisionId: uuid,
    note: z.string().optional(),
    at: isoTime,
  }),
  'moderation.rejected': z.strictObject({
    contentHash: hash,
    operatorId: uuid,
    decisionId: uuid,
    label: z.string(),
    note: z.string().optional(),
    at: isoTime,
  }),

  /** No verdict was to be had: it is asked for again at `until`. `tries` counts the deferrals of this text from 1. */
  'moderation.deferred': z.strictObject({
    contentHash: hash,
    tries: z.number().int().min(1),
    until: isoTime,
    at: isoTime,
  }),
  /** The time of that deferral has come. `epoch`: the fencing token of whoever fired it. */
  'moderation.resumed': z.strictObject({
    contentHash: hash,
    tries: z.number().int().min(1),
    epoch: z.number().int(),
    at: isoTime,
  }),

  // moderation_look-<uuid of the look>: an operator was shown the texts of these pushes.
  'moderation_look.taken': z.strictObject({ operatorId: uuid, pushIds: z.array(uuid).min(1).max(200), at: isoTime }),
};

type Schemas = typeof moderationEventSchemas;
type AnyModerationEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type ModerationEvent = Extract<AnyModerationEvent, { type: `moderation.${string}` }>;
export type ModerationLookEvent = Exclude<AnyModerationEvent, ModerationEvent>;
