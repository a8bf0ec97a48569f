import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { hash, isoTime, level, sealed, uuid } from './fields';
import { escalations, repetition } from './intake.events';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

/** Where a message belongs. `id` is a keyed hash of person and thread: the name itself is sealed with the text. */
const thread = z.strictObject({
  id: uuid,
  step: z.strictObject({ index: z.number().int().min(1), of: z.number().int().min(1) }).optional(),
});

const outcome = z.enum(['delivered', 'inbox-only', 'failed', 'suppressed']);
const attempt = { attemptId: uuid, endpointId: uuid, channel: z.string(), at: isoTime };

const endpoints = z.array(z.strictObject({ endpointId: uuid, kind: z.string() }));
/** What follows while nobody acknowledges the push. */
const followUp = { task: z.enum(['remind', 'escalate']), number: z.number().int().min(1) };

export const deliveryEventSchemas = {
  // delivery-<pushId>. The gate's decision, and everything it was decided on.
  'delivery.decided': z.strictObject({
    appId: uuid,
    ownerId: uuid,
    personId: uuid,
    bindingId: uuid,
    bindingRevision: z.number().int(),
    standingRevision: z.number().int(),
    /** `defer`: in the inbox at once, on the phone not before `until`. */
    decision: z.enum(['refuse', 'file-only', 'defer', 'deliver']),
    /** A stable code such as `muted`, `weak`, `no-channel`, `unbound`; absent when the push is simply delivered. */
    reason: z.string().optional(),
    until: isoTime.optional(),
    level: level.optional(),
    muted: z.boolean(),
    endpoints,
    /** Those of them that are tried one after the other, until one takes the push; at least two. */
    inTurn: z.array(uuid).optional(),
    /** It is said again until it is acknowledged: `delivery.follow-up-set` follows. */
    repeat: repetition.optional(),
    /** It goes to others while nobody acknowledges it: `delivery.follow-up-set` follows. */
    escalate: escalations.optional(),
    /** The app has a callback address, so that `delivery.callback-owed` comes with the end. */
    hasCallback: z.literal(true).optional(),
    at: isoTime,
  }),
  /** In the person's inbox under the push's id. `content` is the sealed text of `message.pushed` or `message.edited`, unchanged. */
  'delivery.filed': z.strictObject({
    appId: uuid,
    ownerId: uuid,
    personId: uuid,
    bindingId: uuid,
    content: sealed,
    thread: thread.optional(),
    /** Of the text, as in `message.edited`; absent for the first one. */
    edition: z.number().int().min(1).optional(),
    pushedAt: isoTime,
    level: level.optional(),
    reason: z.string().optional(),
    /** Of what is deferred: when it goes to the phone, at the earliest. */
    until: isoTime.optional(),
    at: isoTime,
  }),
  /** A later text of `message.edited` has passed and takes the place of the one that was filed. */
  'delivery.replaced': z.strictObject({
    edition: z.number().int().min(1),
    content: sealed,
    contentHash: hash,
    thread: thread.optional(),
    at: isoTime,
  }),
  /** Written before bytes leave. After a crash an attempt without an outcome is `unknown`, never guessed. */
  'delivery.attempted': z.strictObject({
    ...attempt,
    dedupeId: z.string(),
    bindingRevision: z.number().int(),
    /** Of the text that is sent, as in `message.edited`; absent for the first one. */
    edition: z.number().int().min(1).optional(),
    /** What a later push replaces on the phone; absent where it is this push alone. */
    collapseKey: uuid.optional(),
    /** It says how many messages of whom there are, this one among them, and no text of theirs. */
    digest: z.literal(true).optional(),
    /** The id of the event that it is made because of. Where its end is missing, that event comes again; older tries lack it. */
    cause: uuid.optional(),
  }),
  /** `leftOut`: a part of the push that the channel could not carry. */
  'delivery.sent': z.strictObject({
    ...attempt,
    providerRef: z.string().optional(),
    leftOut: z.literal('link').optional(),
  }),
  /**
   * `reason`: a stable word for what the class does not explain, such as `redirected`; `busy` means that nothing has
   * left.
   */
  'delivery.failed': z.strictObject({
    ...attempt,
    class: z.string(),
    reason: z.string().optional(),
    final: z.boolean(),
  }),
  'delivery.unknown': z.strictObject({ ...attempt, class: z.string(), final: z.boolean() }),
  /**
   * Because of that try nothing more is tried at this endpoint before `retryAt`. `number` counts its deferrals from 1.
   */
  'delivery.deferred': z.strictObject({
    endpointId: uuid,
    channel: z.string(),
    number: z.number().int().min(1),
    reason: z.string(),
    retryAt: isoTime,
    attemptId: uuid,
    at: isoTime,
  }),
  /**
   * The gate lets nothing through to this endpoint before `retryAt`, because of the person and not of a provider: of a try
   * that was written down nothing has left. `number` counts on with its deferrals.
   */
  'delivery.postponed': z.strictObject({
    endpointId: uuid,
    channel: z.string(),
    number: z.number().int().min(1),
    reason: z.string(),
    retryAt: isoTime,
    /** Of the try that it ends, if there was one. */
    attemptId: uuid.optional(),
    at: isoTime,
  }),
  /** The endpoint before it in turn did not take the push: it is taken up at `retryAt`, as after a deferral. */
  'delivery.passed-on': z.strictObject({
    endpointId: uuid,
    channel: z.string(),
    number: z.number().int().min(1),
    retryAt: isoTime,
    at: isoTime,
  }),
  /** The deferral of that number is due. `epoch`: the fencing token of the process that fired it. */
  'delivery.resumed': z.strictObject({
    endpointId: uuid,
    number: z.number().int().min(1),
    epoch: z.number().int(),
    at: isoTime,
  }),
  /**
   * Told by the digest that the push `leadId` sent there for all that waited for it. `class`: it did not arrive, or nobody
   * knows (`UNKNOWN_OUTCOME`).
   */
  'delivery.digested': z.strictObject({
    endpointId: uuid,
    channel: z.string(),
    leadId: uuid,
    class: z.string().optional(),
    at: isoTime,
  }),
  'delivery.suppressed': z.strictObject({ endpointId: uuid, channel: z.string(), reason: z.string(), at: isoTime }),
  /** Reminder or escalation `number` is due then, unless somebody acknowledges the push before. Replaces what was set before. */
  'delivery.follow-up-set': z.strictObject({ ...followUp, dueAt: isoTime, at: isoTime }),
  /** It does not follow, nor does any later one. `reason`: `acknowledged`, or the gate's. */
  'delivery.follow-up-dropped': z.strictObject({ ...followUp, reason: z.string(), at: isoTime }),
  /**
   * The gate's new decision, as in `delivery.decided`, with which the push is said again. What an earlier one has left
   * undone is given up. `epoch`: the fencing token of the process that fired it.
   */
  'delivery.reminded': z.strictObject({
    number: z.number().int().min(1),
    epoch: z.number().int(),
    bindingRevision: z.number().int(),
    standingRevision: z.number().int(),
    decision: z.enum(['file-only', 'defer', 'deliver']),
    reason: z.string().optional(),
    until: isoTime.optional(),
    level: level.optional(),
    muted: z.boolean(),
    endpoints,
    inTurn: z.array(uuid).optional(),
    at: isoTime,
  }),
  /** Nobody has acknowledged it in time: number `number` of its `escalate` is to get it too. `epoch` as in `delivery.reminded`. */
  'delivery.escalated': z.strictObject({
    number: z.number().int().min(1),
    openidId: uuid,
    epoch: z.number().int(),
    at: isoTime,
  }),
  /** Somebody knows, by the inbox item of that id: nothing follows any more. */
  'delivery.acknowledged': z.strictObject({ inboxItemId: uuid, at: isoTime }),
  /** Its sender took the push back before anything was decided; only a refusal may follow. */
  'delivery.called-off': z.strictObject({ at: isoTime }),
  /** Its sender took the push back, and the provider has taken it off the phone, as far as it can tell. */
  'delivery.taken-back': z.strictObject({ endpointId: uuid, channel: z.string(), at: isoTime }),
  /**
   * What was sent there stays there: `not-possible` with that channel, `replaced` by a later push of the same
   * `collapseId`, or the try failed. With `retryAt` another follows. `number` counts the tries from 1.
   */
  'delivery.left-shown': z.strictObject({
    endpointId: uuid,
    channel: z.string(),
    number: z.number().int().min(1),
    reason: z.string(),
    retryAt: isoTime.optional(),
    at: isoTime,
  }),
  /** Taking it back is due again, after the `number`-th try. `epoch`: the fencing token of the process that fired it. */
  'delivery.take-back-resumed': z.strictObject({
    endpointId: uuid,
    number: z.number().int().min(1),
    epoch: z.number().int(),
    at: isoTime,
  }),
  /** `reminder`: the push had ended before, and that reminder of it has ended so. */
  'delivery.finished': z.strictObject({
    outcome,
    reason: z.string().optional(),
    reminder: z.number().int().min(1).optional(),
    at: isoTime,
  }),
  /** With `delivery.finished`, for an app with a callback address only: its server is to be told. */
  'delivery.callback-owed': z.strictObject({
    appId: uuid,
    bindingId: uuid,
    outcome,
    reason: z.string().optional(),
    at: isoTime,
  }),

  // notice-<id>. A text of the hub itself to a person, in their inbox under that id. It needs nobody's consent.
  'notice.filed': z.strictObject({
    personId: uuid,
    /** Title and body, sealed like the text of a push. */
    content: sealed,
    /** The subject, e.g. `endpoint-disabled`. */
    topic: z.string(),
    at: isoTime,
  }),

  // credit-<endpointId>. How many messages WeChat still lets the hub send through an endpoint, as far as the hub knows.
  /** Its person accepted `count` more in the mini program, all told in one report. */
  'credit.granted': z.strictObject({
    reportId: uuid,
    count: z.number().int().min(1),
    /** Who says so; absent: their own client. */
    by: z.literal('wechat').optional(),
    at: isoTime,
  }),
  /** The other of the two, WeChat and the client, says what was granted already. */
  'credit.confirmed': z.strictObject({ reportId: uuid, by: z.enum(['client', 'wechat']), at: isoTime }),
  /** Written before bytes leave. */
  'credit.taken': z.strictObject({ spendId: uuid, at: isoTime }),
  /** WeChat said that the message was not sent. */
  'credit.returned': z.strictObject({ spendId: uuid, at: isoTime }),
  /** WeChat, which alone knows, said that there is none: `refused`. Or its person switched it off: `rejected`. */
  'credit.emptied': z.strictObject({
    reason: z.enum(['refused', 'rejected']),
    /** Of WeChat's event that says so. */
    reportId: uuid.optional(),
    at: isoTime,
  }),

  // ring-<hash of binding and day>. The pushes that rang, for bindings with a daily cap. Written before bytes leave.
  'ring.counted': z.strictObject({ pushId: uuid, at: isoTime }),

  // digest-<hash of endpoint and time>. Which push tells there, at that time, of all that wait for it. Written before bytes leave.
  /** That push tells; instead of an earlier one, if there was one, which is not to be told there any more. */
  'digest.led': z.strictObject({ pushId: uuid, at: isoTime }),

  // endpoint_test-<personId>. Their test messages, counted. Written before bytes leave.
  'endpoint_test.begun': z.strictObject({ testId: uuid, endpointId: uuid, at: isoTime }),

  // inbox_item-<pushId>. What the person does with the message.
  'inbox_item.read': z.strictObject({ at: isoTime }),
  'inbox_item.unread': z.strictObject({ at: isoTime }),
  /** They say that they know. Ends what is repeated until then. */
  'inbox_item.acknowledged': z.strictObject({ at: isoTime }),
  /** Put away: still theirs, no longer in the list. */
  'inbox_item.archived': z.strictObject({ at: isoTime }),
  'inbox_item.unarchived': z.strictObject({ at: isoTime }),
  /** To be found again, whatever is cleared away. */
  'inbox_item.kept': z.strictObject({ at: isoTime }),
  'inbox_item.unkept': z.strictObject({ at: isoTime }),
  /** Gone from the inbox for good: it is older than its person wants to keep messages. */
  'inbox_item.cleared': z.strictObject({ at: isoTime }),
  /** They pressed the button with that id, for the first time. */
  'inbox_item.action-taken': z.strictObject({ actionId: z.string(), at: isoTime }),
};

/** Where a message belongs in its app's threads, and which step it tells of. */
export type FiledThread = z.infer<typeof thread>;

type Schemas = typeof deliveryEventSchemas;
type StoredEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type DeliveryEvent = Extract<StoredEvent, { type: `delivery.${string}` }>;
export type InboxItemEvent = Extract<StoredEvent, { type: `inbox_item.${string}` }>;
export type CreditEvent = Extract<StoredEvent, { type: `credit.${string}` }>;
export type RingEvent = Extract<StoredEvent, { type: `ring.${string}` }>;
export type DigestEvent = Extract<StoredEvent, { type: `digest.${string}` }>;
export type EndpointTestEvent = Extract<StoredEvent, { type: `endpoint_test.${string}` }>;
export type NoticeEvent = Extract<StoredEvent, { type: `notice.${string}` }>;
