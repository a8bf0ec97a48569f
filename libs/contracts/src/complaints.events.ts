import { Fact } from '@hark/kernel';
import { z } from 'zod';
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
    /** Which credential sent the push, as `message.pushed` has it: absent in what is older than that. */
    sentBy: z.enum(['app', 'key']).optional(),
    appKnowsKey: z.boolean().optional(),
    at,
  }),
  'complaint.upheld': z.strictObject({ ...decision, severity }),
  'complaint.dismissed': z.strictObject({ ...decision }),

  // standing-<ownerId>: points belong to the owner, not to one app.
  'standing.opened': z.strictObject({ points: z.number().int(), at }),
  /** `penaltyId` derives from the complaint: applied once however often it is asked for. `tableVersion` names the ladder used. */
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
  /** Proposed by the ladder, in force as a suspension without end until a second operator confirms or lifts it. */
  'standing.ban-proposed': z.strictObject({ penaltyId: uuid, operatorId: uuid, at }),
  'standing.banned': z.strictObject({ confirmedBy: uuid, note: z.string().optional(), at }),
  'standing.reinstated': z.strictObject({ by: uuid, note: z.string().optional(), at }),
  'standing.point-restored': z.strictObject({ left: z.number().int(), at }),
};

type Schemas = typeof complaintsEventSchemas;
export type ComplaintsEvent = { [T in keyof Schemas]: Fact<T, z.infer<Schemas[T]>> }[keyof Schemas];
export type ComplaintEvent = Extract<ComplaintsEvent, { type: `complaint.${string}` }>;
export type StandingEvent = Extract<ComplaintsEvent, { type: `standing.${string}` }>;
