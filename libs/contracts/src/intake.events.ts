import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { hash, isoTime, sealed, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

export const priority = z.enum(['low', 'normal', 'high', 'critical']);
export type Priority = z.infer<typeof priority>;

/** Said again every `everyMs`, up to `times` times, until somebody acknowledges it. */
export const repetition = z.strictObject({ everyMs: z.number().int().min(1), times: z.number().int().min(1) });
export type Repetition = z.infer<typeof repetition>;

/** Whom a push goes to next while nobody acknowledges it: the app's name for them, by the id of its stream, and after how long. */
const escalation = z.strictObject({ afterMs: z.number().int().min(1), openidId: uuid });
/** One after the other, in the order of their times. */
export const escalations = z.array(escalation).min(1);
export type Escalation = z.infer<typeof escalation>;

export const intakeEventSchemas = {
  /**
   * message-<id>: accepted with 202. `content` seals a `PushContent` as JSON under the recipient's key (AAD
   * `aadOf.content`); `contentHash` is keyed and names exactly that text.
   * `ownerId` is the holder of the standing that answers for it: the app's owner, or the app itself while unclaimed.
   */
  'message.pushed': z.strictObject({
    appId: uuid,
    ownerId: uuid,
    personId: uuid,
    bindingId: uuid,
    consentId: uuid,
    bindingRevision: z.number().int().min(0),
    content: sealed,
    contentHash: hash,
    priority,
    /** The sender: `app` showed the app's own secret, `key` only a binding's key, which its person received first. */
    sentBy: z.enum(['app', 'key']).optional(),
    /** With `sentBy` `key`: whether the app itself had sent this very key together with its secret. */
    appKnowsKey: z.boolean().optional(),
    /** Not before: `message.scheduled` follows in the same append. */
    sendAt: isoTime.optional(),
    /** Not after: whatever has not left by then stays here. */
    expiresAt: isoTime.optional(),
    repeat: repetition.optional(),
    escalate: escalations.optional(),
    /** The push that nobody acknowledged, whose text this is: nobody asked for this one by itself. */
    escalatedFrom: uuid.optional(),
    /** Keyed, of the app and the `thread` in its content: by it the app finds its pushes of a thread again. */
    threadHash: hash.optional(),
    at: isoTime,
  }),
  /** It waits until then. `number` counts the push's appointments from 1; a later one replaces an earlier. */
  'message.scheduled': z.strictObject({ number: z.number().int().min(1), sendAt: isoTime, at: isoTime }),
  /**
   * Changed by its sender. With a text, which is sealed like the first one and is edition number `edition`, counted from 1:
   * nothing shows it before a verdict on exactly that text. `expiresAt` is the new one; null when there is none any more.
   * `priority`: how loud what has not rung yet is to be.
   */
  'message.edited': z.strictObject({
    ownerId: uuid,
    personId: uuid,
    edition: z.number().int().min(1).optional(),
    content: sealed.optional(),
    contentHash: hash.optional(),
    /** As in `message.pushed`: of the thread of the new text. */
    threadHash: hash.optional(),
    priority: priority.optional(),
    expiresAt: isoTime.nullable().optional(),
    at: isoTime,
  }),
  /**
   * The appointment of that number is due. `epoch`: the fencing token of the process that fired it. `onTime`: within half a
   * second of its time and among the first that were due in that second, so that it was not one of a crowd or of an outage.
   */
  'message.fired': z.strictObject({
    number: z.number().int().min(1),
    epoch: z.number().int(),
    onTime: z.literal(true).optional(),
    at: isoTime,
  }),
  /** The sender takes it back: it goes nowhere any more, and out of the inbox. */
  'message.recalled': z.strictObject({ at: isoTime }),
  /** Number `number` of its `escalate` gets nothing: a code that its sender would get, were it pushed to them, or `acknowledged`. */
  'message.escalation-dropped': z.strictObject({ number: z.number().int().min(1), reason: z.string(), at: isoTime }),
  /** Its `expiresAt` has passed. What had left or was filed by then stays. */
  'message.expired': z.strictObject({ epoch: z.number().int(), at: isoTime }),
};

type Schemas = typeof intakeEventSchemas;
export type MessageEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
/** A push as it was accepted. */
export type PushedEvent = Extract<MessageEvent, { type: 'message.pushed' }>;
/** A push as its sender changed it. */
export type EditedEvent = Extract<MessageEvent, { type: 'message.edited' }>;
