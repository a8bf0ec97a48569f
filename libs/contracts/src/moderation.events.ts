import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { hash, isoTime, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

const verdict = {
  /** Names exactly the text that was judged; another text needs its own verdict. */
  contentHash: hash,
  /** Which text of the push that is, as in `message.edited`; absent for its first. */
  edition: z.number().int().min(1).optional(),
  ruleVersion: z.string(),
  /**
   * `not-judged`: nobody whose openid may be used was active within WeChat's two hours (WeChat docs: msgSecCheck,
   * 61010); `off`: not configured.
   */
  wechat: z.enum(['pass', 'review', 'risky', 'not-judged', 'unavailable', 'off']),
  traceId: z.string().optional(),
  at: isoTime,
};

export const moderationEventSchemas = {
  // moderation-<pushId>
  /** `takenFrom`: the push with the same text whose verdict this is. */
  'moderation.passed': z.strictObject({ ...verdict, takenFrom: uuid.optional() }),
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

  /** There was no verdict; it is asked for again at `until`. `tries` counts the deferrals of this text from 1. */
  'moderation.deferred': z.strictObject({
    contentHash: hash,
    tries: z.number().int().min(1),
    until: isoTime,
    at: isoTime,
  }),
  /** The deferral of that number is due. `epoch`: the fencing token of the process that fired it. */
  'moderation.resumed': z.strictObject({
    contentHash: hash,
    tries: z.number().int().min(1),
    epoch: z.number().int(),
    at: isoTime,
  }),

  // rules-<one fixed id>
  /** From now on these are the operators' rules, all of them, and these of the built-in ones no longer count. */
  'rules.changed': z.strictObject({
    added: z.array(
      z.strictObject({
        phrase: z.string(),
        kind: z.enum(['word', 'domain']),
        label: z.string(),
        then: z.enum(['block', 'hold']),
      }),
    ),
    removed: z.array(z.string()),
    together: z
      .strictObject({
        added: z.array(
          z.strictObject({
            groups: z.array(z.array(z.string())),
            within: z.number().int(),
            label: z.string(),
            then: z.enum(['block', 'hold']),
          }),
        ),
        removed: z.array(z.string()),
      })
      .optional(),
    operatorId: uuid,
    note: z.string().optional(),
    at: isoTime,
  }),

  // moderation_look-<uuid of the look>: an operator saw the texts of these pushes.
  'moderation_look.taken': z.strictObject({ operatorId: uuid, pushIds: z.array(uuid).min(1).max(200), at: isoTime }),
};

type Schemas = typeof moderationEventSchemas;
type AnyModerationEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type ModerationEvent = Extract<AnyModerationEvent, { type: `moderation.${string}` }>;
export type RulesEvent = Extract<AnyModerationEvent, { type: `rules.${string}` }>;
export type ModerationLookEvent = Exclude<AnyModerationEvent, ModerationEvent | RulesEvent>;
