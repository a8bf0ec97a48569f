import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { hash, isoTime, level, locale, sealed, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

const at = isoTime;
/** What a person was shown when they agreed. */
const wording = z.strictObject({
  /** The version of the terms' template. */
  version: z.int().min(1),
  language: locale,
  /** SHA-256 of the text as it was shown. */
  hash,
  /** Whether the client named that hash, so that this text was before the person's eyes. */
  presented: z.boolean(),
  /** The text itself, sealed for the person. */
  text: sealed,
});
export type Wording = z.infer<typeof wording>;
export const role = z.enum(['operator', 'admin']);
export type Role = z.infer<typeof role>;

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');
/** When a person wants no noise, on days from 1 (Monday) to 7, in their time zone; a `to` before `from`, or equal to it, is the next day's. */
export const quietHours = z
  .array(
    z.strictObject({
      days: z.array(z.int().min(1).max(7)).min(1).max(7),
      from: clockTime,
      to: clockTime,
      mode: z.enum(['defer', 'inbox']),
    }),
  )
  .max(14);
/**
 * Instead of ringing singly, messages ring once at the end of each full hour, or once a day at that time, in the person's
 * zone.
 */
export const digest = z.strictObject({ every: z.enum(['hour', 'day']), at: clockTime.optional() });
export type Digest = z.infer<typeof digest>;
/** What a person wants of one app: its own rhythm, or `never` to hear each message of it. */
export const appDigest = z.strictObject({ every: z.enum(['hour', 'day', 'never']), at: clockTime.optional() });
export type AppDigest = z.infer<typeof appDigest>;
/**
 * Not less than a message can be complained about (`ComplainHandler`), so that its person still sees what they complain
 * of.
 */
export const retentionDays = z.int().min(30).max(3_650);

export type QuietHours = z.infer<typeof quietHours>;

/** The number of half minutes since 1970: a code works once, so none of this or an earlier one works again. */
const step = z.int().min(0);
const stepUp = { sessionId: uuid, useId: uuid, until: isoTime };

export const authEventSchemas = {
  // identity-<keyed hash of provider and subject>: whose log-in this is. Without an event it is the user's of the same id.
  /** From now on whoever logs in so is this user. The one before, if any, was erased. */
  'identity.linked': z.strictObject({ userId: uuid, at }),

  // user-<id>: a person. The id is a keyed hash of provider and subject, so logging in needs no look-up table; after an
  // erasure, and for a further mini program, `identity-` says whose log-in it is.
  'user.registered': z.strictObject({ provider: z.enum(['wechat', 'email']), subject: sealed, subjectHash: hash, at }),
  /** They also log in so: by another mini program, or WeChat's name for them in all programs of one owner. */
  'user.identity-added': z.strictObject({
    provider: z.enum(['wechat', 'wechat-union']),
    subject: sealed,
    subjectHash: hash,
    at,
  }),
  // Only `by` can take back what it gave: `HARK_ADMINS` is the setting, everything else is the actor, `user:<id>`.
  'user.role-granted': z.strictObject({ role, by: z.string(), at }),
  'user.role-revoked': z.strictObject({ role, by: z.string(), at }),
  /** `learnt`: taken from the client they use. It never overrules what the person chose. */
  'user.locale-set': z.strictObject({ locale, learnt: z.literal(true).optional(), at }),
  /** How they are called; null: no longer by a name. The hash is keyed, and theirs alone. */
  'user.display-name-set': z.strictObject({ displayName: sealed.nullable(), displayNameHash: hash.nullable(), at }),
  /** By IANA's name, such as `Asia/Shanghai`. */
  'user.time-zone-set': z.strictObject({ timeZone: z.string(), at }),
  'user.quiet-hours-set': z.strictObject({ quietHours, at }),
  /** null: each message rings. */
  'user.digest-set': z.strictObject({ digest: digest.nullable(), at }),
  /** How long their messages stay in the inbox, unless kept; null for as long as they like. */
  'user.retention-set': z.strictObject({ days: retentionDays.nullable(), at }),
  /**
   * `address` seals the endpoint's own fields as JSON. `addressHash` is keyed, so without the key nobody can see that
   * two people have the same address.
   */
  'user.endpoint-added': z.strictObject({ endpointId: uuid, kind: z.string(), address: sealed, addressHash: hash, at }),
  'user.endpoint-challenged': z.strictObject({
    endpointId: uuid,
    code: sealed,
    codeHash: hash,
    expiresAt: isoTime,
    at,
  }),
  /**
   * The provider has not taken that code yet. `number` counts the challenge's deferrals from 1; `reason` as in
   * `endpointTroubles`, or `busy`.
   */
  'user.endpoint-challenge-deferred': z.strictObject({
    endpointId: uuid,
    codeHash: hash,
    number: z.number().int().min(1),
    reason: z.string(),
    retryAt: isoTime,
    at,
  }),
  /** The deferral of that number is due. `epoch`: the fencing token of the process that fired it. */
  'user.endpoint-challenge-resumed': z.strictObject({
    endpointId: uuid,
    codeHash: hash,
    number: z.number().int().min(1),
    epoch: z.number().int(),
    at,
  }),
  /** That code will not arrive. */
  'user.endpoint-challenge-failed': z.strictObject({ endpointId: uuid, codeHash: hash, reason: z.string(), at }),
  /** Nothing is sent to it until its person proves it anew. */
  'user.endpoint-disabled': z.strictObject({ endpointId: uuid, reason: z.string(), at }),
  'user.endpoint-guess-failed': z.strictObject({ endpointId: uuid, guessId: uuid, at }),
  /** What its person calls it; `null` when they took the name away. */
  'user.endpoint-renamed': z.strictObject({ endpointId: uuid, name: sealed.nullable(), at }),
  /** Its place among the endpoints that are tried one after the other; `null`: pushes always go to it. */
  'user.endpoint-ranked': z.strictObject({ endpointId: uuid, rank: z.number().int().min(1).nullable(), at }),
  /** A message did not arrive. At most one a day for each endpoint and reason; `reason` as in `endpointTroubles`. */
  'user.endpoint-troubled': z.strictObject({ endpointId: uuid, reason: z.string(), at }),
  /**
   * Its person receives through it. Without `by`: they entered the code. `answer`: its server signed its answer, so it still
   * has the secret. `acknowledgement`: they acknowledged what only this endpoint brought. `log-in`: they logged in by it.
   */
  'user.endpoint-verified': z.strictObject({
    endpointId: uuid,
    by: z.enum(['answer', 'acknowledgement', 'log-in']).optional(),
    at,
  }),
  'user.endpoint-removed': z.strictObject({ endpointId: uuid, at }),
  // The second factor of operators and admins: codes by time (TOTP, RFC 6238). A code is shown in a session, which may
  // act as operator or admin `until` then; `useId` is the command that showed it.
  /** The secret, which counts once a code of it was shown. It replaces one that was not confirmed. */
  'user.totp-enrolled': z.strictObject({ enrolmentId: uuid, secret: sealed, at }),
  'user.totp-confirmed': z.strictObject({ ...stepUp, step, recoveryHashes: z.array(hash), at }),
  'user.totp-used': z.strictObject({ ...stepUp, step, at }),
  'user.recovery-code-used': z.strictObject({ ...stepUp, codeHash: hash, at }),
  /** With it all step-ups end. `by` is the actor, `user:<id>`: the person themselves or an admin. */
  'user.totp-removed': z.strictObject({ by: z.string(), at }),
  'user.blocked-app': z.strictObject({ appId: uuid, at }),
  'user.unblocked-app': z.strictObject({ appId: uuid, at }),
  /** They had everything about them erased. From here on nothing is decided for them; what follows destroys their key. */
  'user.erased': z.strictObject({ at }),

  // address-<keyed hash of what is counted>: how often a mailbox, an account or a domain was challenged.
  'address.challenged': z.strictObject({ challengeId: uuid, at }),
  /** Of a place's counter at a mailbox: from there somebody logged in by it. */
  'address.proven': z.strictObject({ at }),

  // log_in-<challengeId>: one log-in by a code that is mailed. What is sealed in it is sealed under a key of its own, not a
  // person's: nobody looks up who they are before they have proved the address. The key is destroyed when it is over.
  'log_in.challenged': z.strictObject({
    address: sealed,
    code: sealed,
    codeHash: hash,
    /** The language of the mail. */
    locale,
    expiresAt: isoTime,
    at,
  }),
  'log_in.guess-failed': z.strictObject({ guessId: uuid, at }),
  'log_in.proven': z.strictObject({ at }),
  /** Nobody proved it in time. */
  'log_in.expired': z.strictObject({ at }),

  // device_log_in-<keyed hash of the user code>: a browser that a person logs in from elsewhere (RFC 8628).
  'device_log_in.opened': z.strictObject({
    /** Of the device code, which the browser keeps. */
    deviceHash: hash,
    /** `{"userAgent":…,"network":…}` of the browser, sealed under a key of its own that is destroyed when this is over. */
    client: sealed.optional(),
    expiresAt: isoTime,
    at,
  }),
  'device_log_in.approved': z.strictObject({ userId: uuid, at }),
  'device_log_in.declined': z.strictObject({ userId: uuid, at }),
  /** The browser has its session. */
  'device_log_in.used': z.strictObject({ at }),
  /** Nobody decided it in time. */
  'device_log_in.expired': z.strictObject({ at }),

  // session-<id>
  'session.started': z.strictObject({
    userId: uuid,
    /** `device`: by scanning (`device_log_in-`). */
    provider: z.enum(['wechat', 'email', 'device']),
    refreshHash: hash,
    sessionKey: sealed.optional(),
    /** The openid whose session key it is. */
    subject: sealed.optional(),
    /** `{"userAgent":…,"network":…}` of the client that logged in, without the rest of its address. */
    client: sealed.optional(),
    /** A keyed hash of this session, address and user agent: the client that may repeat the log-in. */
    clientHash: hash.optional(),
    expiresAt: isoTime,
    at,
  }),
  'session.refreshed': z.strictObject({ refreshHash: hash, at }),
  /** `ended-elsewhere`: by the person, from another session of theirs. */
  'session.ended': z.strictObject({ reason: z.enum(['signed-out', 'reused', 'ended-elsewhere']), at }),

  // user_look-<uuid of the look>: an admin looked for whoever proved an address or openid, and these were shown.
  'user_look.taken': z.strictObject({
    adminId: uuid,
    by: z.enum(['email', 'openid']),
    userIds: z.array(uuid).max(20),
    at,
  }),

  // app-<id>. An app without an owner belongs to a mini program that nobody has registered yet; its owner can claim it
  // later.
  'app.registered': z.strictObject({
    ownerId: uuid.nullable(),
    name: z.string(),
    description: z.string().optional(),
    homepage: z.string().optional(),
    /**
     * For an app without an owner: the mini program it is. With an owner, in old logs only: the one the owner claimed,
     * unproven.
     */
    wechatAppId: z.string().optional(),
    /** The mini program that the owner claims. As long as it is unproven it reserves nothing and reaches nobody. */
    wechatAppIdWished: z.string().optional(),
    redirectUris: z.array(z.string()),
    callbackUrl: z.string().optional(),
    /** Names the secret that signs calls to `callbackUrl`; the secret itself is derived from it and never stored. */
    callbackSecretId: uuid.optional(),
    secretHash: hash.nullable(),
    verified: z.boolean(),
    at,
  }),
  /** An absent field stays as it is, `null` takes it away. Another `callbackUrl` comes with another `callbackSecretId`. */
  'app.changed': z.strictObject({
    name: z.string().optional(),
    description: z.string().nullable().optional(),
    homepage: z.string().nullable().optional(),
    redirectUris: z.array(z.string()).optional(),
    callbackUrl: z.string().nullable().optional(),
    callbackSecretId: uuid.optional(),
    /** The homepage left the domain whose proof made the app verified. */
    verified: z.literal(false).optional(),
    at,
  }),
  /** The secrets before it work until `oldUntil`, or to their own earlier end; `null`: none of them works any more. */
  'app.secret-rotated': z.strictObject({ secretHash: hash, oldUntil: isoTime.nullable(), at }),
  /** Calls to `callbackUrl` are signed with the former secrets too until `oldUntil`; `null`: no longer. */
  'app.callback-secret-rotated': z.strictObject({ callbackSecretId: uuid, oldUntil: isoTime.nullable(), at }),
  /**
   * Control was proven: of the homepage's domain by its owner, or of the mini program that the app is, by whoever owns
   * the app from now on. `domain` with `dns` and `well-known`; `secretHash` where the claim gave it its first secret.
   */
  'app.claimed': z.strictObject({
    ownerId: uuid,
    by: z.enum(['dns', 'well-known', 'wechat']),
    domain: z.string().optional(),
    secretHash: hash.optional(),
    at,
  }),
  /** The owner offers the app to another person, who may accept as long as the offer stands. */
  'app.transfer-offered': z.strictObject({ toId: uuid, at }),
  /** The owner took the offer back, or the other person declined it. */
  'app.transfer-withdrawn': z.strictObject({ by: uuid, at }),
  /** Offered and accepted. Proofs of control and the callback address were the former owner's and are gone. */
  'app.transferred': z.strictObject({ ownerId: uuid, secretHash: hash, oldUntil: isoTime.nullable(), at }),
  /** For good: its secrets and keys are dead, and its bindings end. */
  'app.deleted': z.strictObject({ at }),

  // callback-<uuid5 of (event, app)>: one call that an app's own server is to get, until it has taken it.
  /** Holds ids only: what is said is put together for each try, and is the same every time. `at`: when it happened. */
  'callback.queued': z.strictObject({
    appId: uuid,
    /** Whose app it is then, and whose share of the calls it takes; the app itself while unclaimed. */
    ownerId: uuid.optional(),
    type: z.string(),
    bindingId: uuid.optional(),
    reason: z.string().optional(),
    pushId: uuid.optional(),
    /** Of `push.delivered` and `push.failed`: what the push's status is then. */
    status: z.string().optional(),
    /** Of `push.action`. */
    actionId: z.string().optional(),
    standing: z.strictObject({ status: z.string(), points: z.number().int(), until: isoTime.optional() }).optional(),
    at,
  }),
  /** The `number`-th try, counted from 1, was answered with 2xx. */
  'callback.sent': z.strictObject({ number: z.number().int().min(1), status: z.number().int(), at }),
  /** That try failed. Without `retryAt` none follows. `reason`: a stable word, such as `not-reached`. */
  'callback.failed': z.strictObject({
    number: z.number().int().min(1),
    reason: z.string(),
    status: z.number().int().optional(),
    retryAt: isoTime.optional(),
    at,
  }),
  /** Nothing was called: its app's server holds up all the calls it may. `number` counts such delays from 1. */
  'callback.put-off': z.strictObject({
    number: z.number().int().min(1),
    /** How many tries are over. */
    tries: z.number().int().min(0),
    retryAt: isoTime,
    at,
  }),
  /** The next try after the `number`-th, or the first, is due. `epoch`: the fencing token of the process that fired it. */
  'callback.resumed': z.strictObject({
    number: z.number().int().min(0),
    /** As in `callback.queued`. */
    ownerId: uuid.optional(),
    epoch: z.number().int(),
    at,
  }),

  // binding_request-<keyed hash of the command>: an app asks a person for consent. Single use, ten minutes.
  'binding_request.opened': z.strictObject({
    appId: uuid,
    /**
     * The openid, state and purpose as JSON, sealed under a key of this request's own, which is destroyed when it is
     * over: who the person is nobody knows yet.
     */
    asked: sealed,
    redirectUri: z.string().optional(),
    /** PKCE (RFC 7636), S256. */
    codeChallenge: z.string().optional(),
    /** SHA-256 of the terms in each language, as this request has them. */
    terms: z.strictObject({ version: z.int().min(1), zh: hash, en: hash }),
    expiresAt: isoTime,
    at,
  }),
  /** `state` seals what the app wants back; the code is there when the person is sent back. */
  'binding_request.approved': z.strictObject({
    personId: uuid,
    bindingId: uuid,
    consentId: uuid,
    level: level.optional(),
    channels: z.array(uuid).optional(),
    wording,
    state: sealed.optional(),
    codeHash: hash.optional(),
    codeExpiresAt: isoTime.optional(),
    at,
  }),
  'binding_request.declined': z.strictObject({ personId: uuid, state: sealed.optional(), at }),
  /** The app traded the code for the key, by the command of that id. */
  'binding_request.exchanged': z.strictObject({ exchangeId: uuid, at }),
  /** All that the approval entails is done, or can never be: `refusal` is the code of why. */
  'binding_request.finished': z.strictObject({ refusal: z.string().optional(), at }),
  'binding_request.expired': z.strictObject({ at }),

  // receipt_key-<one id>: the keys that sign receipts, each derived from the master key and its number.
  'receipt_key.rotated': z.strictObject({ number: z.int().min(2), at }),

  // openid-<uuid5 of (app, openid)>: whom an app means by a name of its own. Holds no openid.
  /**
   * A person says that this is the app's name for them. Others may say so too; the app decides. Old claims do not say
   * by which binding.
   */
  'openid.claimed': z.strictObject({ appId: uuid, bindingId: uuid.optional(), at }),
  /** The app said whose name it is: its secret with this openid now reaches that consent. */
  'openid.confirmed': z.strictObject({ bindingId: uuid, consentId: uuid, at }),
  /** A person whom the app means by it said no, or ended what they had agreed to: the app has to wait before it asks again. */
  'openid.declined': z.strictObject({ at }),

  // binding-<uuid5 of (app, openid, person)>, in old logs <uuid5 of (app, openid)>. `consentId` names one consent, and
  // a push carries it, so that a later consent does not revive the push.
  'binding.bound': z.strictObject({
    appId: uuid,
    personId: uuid,
    openid: sealed,
    consentId: uuid,
    level,
    keyHash: hash,
    channels: z.array(uuid).nullable(),
    /**
     * What the person's own client called an app without an owner: shown to this person only. Sealed; in old logs in clear
     * (ADR 59).
     */
    appName: z.string().optional(),
    /** Absent: nothing was shown that the hub knows of. */
    wording: wording.optional(),
    /** The binding request that the person approved. */
    requestId: uuid.optional(),
    at,
  }),
  /** The person agreed once more while the consent was in force; it stays the same consent. */
  'binding.renewed': z.strictObject({ wording, requestId: uuid.optional(), at }),
  'binding.app-named': z.strictObject({ appName: z.string(), at }),
  /** The app confirmed that it means this person by the openid. Without this event its secret does not reach them. */
  /** `replaced`: others had claimed the openid, and their bindings have ended by it. */
  'binding.confirmed': z.strictObject({ consentId: uuid, replaced: z.literal(true).optional(), at }),
  /**
   * The app said that it does not mean this person by the openid: the binding has ended. `replaced`: it said so by
   * meaning somebody else.
   */
  'binding.refused': z.strictObject({ reason: z.literal('replaced').optional(), at }),
  /** The app sent the present key together with its own secret, so the person has given it the key. */
  'binding.key-presented': z.strictObject({ at }),
  'binding.key-rotated': z.strictObject({ keyHash: hash, at }),
  'binding.muted': z.strictObject({ until: isoTime.nullable(), at }),
  'binding.unmuted': z.strictObject({ at }),
  'binding.level-set': z.strictObject({ level, at }),
  /** `null`: every verified endpoint of the person. */
  'binding.channels-set': z.strictObject({ channels: z.array(uuid).nullable(), at }),
  /** The most pushes a day that ring; `null`: as many as come. */
  'binding.cap-set': z.strictObject({ dailyCap: z.number().int().min(1).nullable(), at }),
  /** null: as its person wants of all apps. */
  'binding.digest-set': z.strictObject({ digest: appDigest.nullable(), at }),
  /** Whether the app's critical pushes may be heard as such: through quiet hours, and on a phone that is silent. */
  'binding.critical-set': z.strictObject({ critical: z.boolean(), at }),
  /** Whether the app is told when its person reads what it sent. */
  'binding.read-receipts-set': z.strictObject({ readReceipts: z.boolean(), at }),
  /**
   * `app-deleted`: its app was. `person-erased`: its person was; with `endedBefore` where the binding had ended before, so
   * that nobody is told once more.
   */
  'binding.unbound': z.strictObject({
    reason: z.enum(['requested', 'person-erased', 'app-deleted']),
    endedBefore: z.literal(true).optional(),
    at,
  }),
  /** Its app has another owner since `transferredAt`; nothing of the consent changes by it. */
  'binding.app-transferred': z.strictObject({ transferredAt: isoTime, at }),
  'binding.blocked': z.strictObject({ at }),
  /** The person lets the app ask again. The consent stays ended. */
  'binding.unblocked': z.strictObject({ at }),
};

type Schemas = typeof authEventSchemas;
export type AuthEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type UserEvent = Extract<AuthEvent, { type: `user.${string}` }>;
export type UserLookEvent = Extract<AuthEvent, { type: `user_look.${string}` }>;
export type IdentityEvent = Extract<AuthEvent, { type: `identity.${string}` }>;
export type DeviceLogInEvent = Extract<AuthEvent, { type: `device_log_in.${string}` }>;
export type LogInEvent = Extract<AuthEvent, { type: `log_in.${string}` }>;
export type AddressEvent = Extract<AuthEvent, { type: `address.${string}` }>;
export type SessionEvent = Extract<AuthEvent, { type: `session.${string}` }>;
export type AppEvent = Extract<AuthEvent, { type: `app.${string}` }>;
export type CallbackEvent = Extract<AuthEvent, { type: `callback.${string}` }>;
export type BindingRequestEvent = Extract<AuthEvent, { type: `binding_request.${string}` }>;
export type ReceiptKeyEvent = Extract<AuthEvent, { type: `receipt_key.${string}` }>;
export type OpenidEvent = Extract<AuthEvent, { type: `openid.${string}` }>;
export type BindingEvent = Extract<AuthEvent, { type: `binding.${string}` }>;
