import { z } from 'zod';
import { DomainEvent } from '@hark/kernel';
import { isoTime, sealed, uuid } from './fields';

// Stored for ever. Add an optional field or a new event; never rename one or change what it means.

export const complaintReason = z.enum(['spam', 'fraud', 'abuse', 'illegal', 'other']);
export const severity = z.enum(['minor', 'major', 'severe']);
export type Severity = z.infer<typeof severity>;

const at = isoTime;
const decision = { decisionId: uuid, operatorId: uuid, note: z.string().optional(), at };

export const complaintsEventSchemas = {
  // complaint-<uuid5 of (push, person)>: once per push by construction.
  'complaint.complained': z.strictObject({
    pushId: uuid,
    appId: uuid,
    ownerId: uuid,
    personId: uuid,
    reason: complaintReason,
    note: sealed.optional(),
    /** Which credential sent the push, as in `message.pushed`; absent in older events. */
    sentBy: z.enum(['app', 'key']).optional(),
    appKnowsKey: z.boolean().optional(),
    at,
  }),
  'complaint.upheld': z.strictObject({ ...decision, severity }),
  'complaint.dismissed': z.strictObject({ ...decision }),
  /** The penalised owner's appeal, once per complaint. `requestId`: the command that made it. */
  'complaint.appealed': z.strictObject({ requestId: uuid, penaltyId: uuid, note: sealed, at }),
  /** By another operator than whoever upheld the complaint. `note` is the answer to the owner. */
  'complaint.appeal-granted': z.strictObject({ ...decision }),
  'complaint.appeal-refused': z.strictObject({ ...decision }),

  // complaint_look-<uuid of the look>: an operator saw the sealed texts of these complaints and their pushes.
  'complaint_look.taken': z.strictObject({ operatorId: uuid, complaintIds: z.array(uuid).min(1).max(200), at }),

  // replay-<uuid of the replay>: an operator gave a reactor group its parked events again, those below a number or all.
  'replay.asked': z.strictObject({ operatorId: uuid, group: z.string(), below: z.number().int().optional(), at }),

  // audit_look-<uuid of the look>: an operator read the log, with these filters.
  'audit_look.taken': z.strictObject({
    operatorId: uuid,
    stream: z.string().optional(),
    actorSought: z.string().optional(),
    typeSought: z.string().optional(),
    correlation: uuid.optional(),
    /** Of `stream`: the state after which of its events was shown. */
    revision: z.number().int().optional(),
    /** The reactor group whose parked events were shown. */
    group: z.string().optional(),
    at,
  }),

  // standing-<ownerId>: points belong to the owner, not to one app.
  'standing.opened': z.strictObject({ points: z.number().int(), at }),
  /** `penaltyId` derives from the complaint, so a penalty is applied once. `tableVersion` names the ladder used. */
  'standing.penalized': z.strictObject({
    penaltyId: uuid,
    complaintId: uuid,
    appId: uuid,
    severity,
    points: z.number().int(),
    left: z.number().int(),
    tableVersion: z.string(),
    at,
  }),
  'standing.throttled': z.strictObject({ at }),
  'standing.suspended': z.strictObject({ until: isoTime, at }),
  /**
   * Proposed by the ladder. Acts as a suspension until a second operator confirms or rejects it. Without an answer it
   * lapses at `until`; an old event without `until` lapses after seven days.
   */
  'standing.ban-proposed': z.strictObject({ penaltyId: uuid, operatorId: uuid, until: isoTime.optional(), at }),
  /** The proposal is withdrawn. Other restrictions of the owner stay, and so do the points. */
  'standing.ban-rejected': z.strictObject({ by: uuid, note: z.string().optional(), at }),
  'standing.banned': z.strictObject({ confirmedBy: uuid, note: z.string().optional(), at }),
  /**
   * `left`: the points from now on; restrictions follow from them. An old event without it lifts everything and keeps
   * the points.
   */
  'standing.reinstated': z.strictObject({
    by: uuid,
    note: z.string().optional(),
    left: z.number().int().optional(),
    at,
  }),
  /**
   * An appeal against this penalty was granted. The rest is the whole standing from now on: what the stream before it
   * comes to without this penalty. What is absent does not apply.
   */
  'standing.penalty-lifted': z.strictObject({
    penaltyId: uuid,
    by: uuid,
    left: z.number().int(),
    throttled: z.boolean(),
    suspendedUntil: isoTime.optional(),
    banned: z.boolean(),
    /** The proposed ban that is left or, without the penalty, had been proposed for another one. */
    banProposed: z
      .strictObject({
        penaltyId: uuid,
        complaintId: uuid,
        appId: uuid,
        severity,
        operatorId: uuid,
        until: isoTime,
        at,
      })
      .optional(),
    changedAt: isoTime.optional(),
    at,
  }),
  /** One point back for 30 clean days. Promised, read and folded; nothing writes it yet. */
  'standing.point-restored': z.strictObject({ left: z.number().int(), at }),
};

type Schemas = typeof complaintsEventSchemas;
export type ComplaintsEvent = { [T in keyof Schemas]: DomainEvent<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type ComplaintEvent = Extract<ComplaintsEvent, { type: `complaint.${string}` }>;
export type AuditLookEvent = Extract<ComplaintsEvent, { type: `audit_look.${string}` }>;
export type ReplayEvent = Extract<ComplaintsEvent, { type: `replay.${string}` }>;
export type ComplaintLookEvent = Extract<ComplaintsEvent, { type: `complaint_look.${string}` }>;
export type StandingEvent = Extract<ComplaintsEvent, { type: `standing.${string}` }>;
