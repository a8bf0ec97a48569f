import { Fact } from '@hark/kernel';
import { z } from 'zod';
import { hash, isoTime, level, locale, sealed, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

const at = isoTime;
export const role = z.enum(['operator', 'admin']);
export type Role = z.infer<typeof role>;

export const authEventSchemas = {
  // user-<id>: a person. The id is a keyed hash of provider and subject, so logging in needs no look-up table.
  'user.registered': z.strictObject({ provider: z.enum(['wechat', 'email']), subject: sealed, subjectHash: hash, at }),
  // What `by` gave only `by` takes: `HARK_ADMINS` is the setting, everything else is the actor, `user:<id>`.
  'user.role-granted': z.strictObject({ role, by: z.string(), at }),
  'user.role-revoked': z.strictObject({ role, by: z.string(), at }),
  /** `learnt`: from the client they use. What they chose themselves is not overruled by what is learnt. */
  'user.locale-set': z.strictObject({ locale, learnt: z.literal(true).optional(), at }),
  /** `address` seals the endpoint's own fields as JSON; `addressHash` is keyed and tells two people's same address apart from none. */
  'user.endpoint-added': z.strictObject({ endpointId: uuid, kind: z.string(), address: sealed, addressHash: hash, at }),
  'user.endpoint-challenged': z.strictObject({
    endpointId: uuid,
    code: sealed,
    codeHash: hash,
    expiresAt: isoTime,
    at,
  }),
  /** The provider did not take that code yet. `number` counts the challenge's deferrals from 1; `reason` as in `endpointTroubles` or `busy`. */
  'user.endpoint-challenge-deferred': z.strictObject({
    endpointId: uuid,
    codeHash: hash,
    number: z.number().int().min(1),
    reason: z.string(),
    retryAt: isoTime,
    at,
  }),
  /** The time of the deferral of that number has come. `epoch`: the fencing token of whoever fired it. */
  'user.endpoint-challenge-resumed': z.strictObject({
    endpointId: uuid,
    codeHash: hash,
    number: z.number().int().min(1),
    epoch: z.number().int(),
    at,
  }),
  /** That code will not come. */
  'user.endpoint-challenge-failed': z.strictObject({ endpointId: uuid, codeHash: hash, reason: z.string(), at }),
  /** Nothing is sent through it any more until its person proves it anew. */
  'user.endpoint-disabled': z.strictObject({ endpointId: uuid, reason: z.string(), at }),
  'user.endpoint-guess-failed': z.strictObject({ endpointId: uuid, guessId: uuid, at }),
  'user.endpoint-verified': z.strictObject({ endpointId: uuid, at }),
  'user.endpoint-removed': z.strictObject({ endpointId: uuid, at }),
  'user.blocked-app': z.strictObject({ appId: uuid, at }),
  'user.unblocked-app': z.strictObject({ appId: uuid, at }),

  // address-<keyed hash of what is counted>: how often a mailbox, an account or a domain was challenged.
  'address.challenged': z.strictObject({ challengeId: uuid, at }),

  // session-<id>
  'session.started': z.strictObject({
    userId: uuid,
    provider: z.enum(['wechat', 'email']),
    refreshHash: hash,
    sessionKey: sealed.optional(),
    expiresAt: isoTime,
    at,
  }),
  'session.refreshed': z.strictObject({ refreshHash: hash, at }),
  'session.ended': z.strictObject({ reason: z.enum(['signed-out', 'reused']), at }),

  // app-<id>. An app without an owner came from a mini program nobody has registered yet; its owner can claim it later.
  'app.registered': z.strictObject({
    ownerId: uuid.nullable(),
    name: z.string(),
    description: z.string().optional(),
    homepage: z.string().optional(),
    wechatAppId: z.string().optional(),
    redirectUris: z.array(z.string()),
    callbackUrl: z.string().optional(),
    secretHash: hash.nullable(),
    verified: z.boolean(),
    at,
  }),

  // binding-<uuid5 of (app, openid)>. `consentId` names one consent: a push carries it, so a later consent does not revive it.
  'binding.bound': z.strictObject({
    appId: uuid,
    personId: uuid,
    openid: sealed,
    consentId: uuid,
    level,
    keyHash: hash,
    channels: z.array(uuid).nullable(),
    at,
  }),
  'binding.key-rotated': z.strictObject({ keyHash: hash, at }),
  'binding.muted': z.strictObject({ until: isoTime.nullable(), at }),
  'binding.unmuted': z.strictObject({ at }),
  'binding.level-set': z.strictObject({ level, at }),
  /** `null`: every verified endpoint of the person. */
  'binding.channels-set': z.strictObject({ channels: z.array(uuid).nullable(), at }),
  'binding.unbound': z.strictObject({ reason: z.enum(['requested', 'person-erased']), at }),
  'binding.blocked': z.strictObject({ at }),
};

type Schemas = typeof authEventSchemas;
export type AuthEvent = { [T in keyof Schemas]: Fact<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type UserEvent = Extract<AuthEvent, { type: `user.${string}` }>;
export type AddressEvent = Extract<AuthEvent, { type: `address.${string}` }>;
export type SessionEvent = Extract<AuthEvent, { type: `session.${string}` }>;
export type AppEvent = Extract<AuthEvent, { type: `app.${string}` }>;
export type BindingEvent = Extract<AuthEvent, { type: `binding.${string}` }>;
