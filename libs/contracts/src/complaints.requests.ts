import { z } from 'zod';
import { complaintReason, severity } from './complaints.events';
import { clientTime, credential, line, text, uuid } from './fields';
import { page, queuePage } from './paging';
import { foldedStream } from './stream-states';

export const complaintsSubjects = {
  complain: 'complaints.complain',
  getByLink: 'complaints.get-by-link',
  complainByLink: 'complaints.complain-by-link',
  listMine: 'complaints.list-mine',
  listQueue: 'complaints.list-queue',
  countCases: 'complaints.count-cases',
  getComplaint: 'complaints.get-complaint',
  uphold: 'complaints.uphold',
  dismiss: 'complaints.dismiss',
  appeal: 'complaints.appeal',
  listAppeals: 'complaints.list-appeals',
  listOwnAppeals: 'complaints.list-own-appeals',
  grantAppeal: 'complaints.grant-appeal',
  refuseAppeal: 'complaints.refuse-appeal',
  getStanding: 'complaints.get-standing',
  readApp: 'complaints.read-app',
  reinstate: 'complaints.reinstate',
  listBans: 'complaints.list-bans',
  listAudit: 'complaints.list-audit',
  readState: 'complaints.read-state',
  getHealth: 'complaints.get-health',
  listParked: 'complaints.list-parked',
  replayParked: 'complaints.replay-parked',
  confirmBan: 'complaints.confirm-ban',
  rejectBan: 'complaints.reject-ban',
} as const;

export const complainRequest = z.strictObject({
  inboxItemId: uuid,
  reason: complaintReason,
  note: text(1_000).optional(),
});
/** Which message is meant says the link of the mail, which stands in the caller. */
export const complainByLinkRequest = complainRequest.omit({ inboxItemId: true });
export const listQueueRequest = z.strictObject({
  ...queuePage,
  status: z.enum(['open', 'upheld', 'dismissed']).optional(),
});
/** `since` is the earliest time to show; the log is searched backwards from now, or from the cursor. */
export const listAuditRequest = z.strictObject({
  ...page,
  stream: z
    .string()
    .regex(/^[a-z_]{1,40}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a stream, such as app-<id>')
    .optional(),
  actor: z
    .string()
    .regex(/^[A-Za-z_]{1,20}(:[\w-]{1,64})?$/, 'must be an actor, such as user:<id>')
    .optional(),
  type: z
    .string()
    .regex(/^[a-z_]{1,40}\.[a-z-]{1,60}$/, 'must be a type of event, such as binding.bound')
    .optional(),
  correlation: uuid.optional().describe('Only what the request with this `correlation` brought about.'),
  since: clientTime.optional(),
  order: z.enum(['newest', 'oldest']).optional().describe('Which first; `oldest` only of a stream.'),
});
/** Without a revision: as the stream is now. */
export const readStateRequest = z.strictObject({
  stream: foldedStream,
  revision: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('The number of an event in the stream: the state right after it. Without it: after the latest.'),
});
const group = z.string().regex(/^[a-z]{1,20}\.[a-z-]{1,40}$/, 'must be a group, such as auth.send-challenge');
/** Without a group: of every group. */
export const listParkedRequest = z.strictObject({ group: group.optional() });
export const replayParkedRequest = z.strictObject({
  group,
  below: z.int().min(0).optional().describe('Only the events with a smaller number.'),
});
export const complaintIdRequest = z.strictObject({ complaintId: uuid });
export const upholdRequest = z.strictObject({ complaintId: uuid, severity, note: line(1_000).optional() });
export const dismissRequest = z.strictObject({ complaintId: uuid, note: line(1_000).optional() });
/** By the owner, about a penalty of their standing. */
export const appealRequest = z.strictObject({ appId: uuid, penaltyId: uuid, note: text(1_000) });
export const appealStatus = z.enum(['open', 'granted', 'refused']);
export const listAppealsRequest = z.strictObject({ ...queuePage, status: appealStatus.optional() });
/** An appeal goes by the id of its complaint, which has at most one. `note` is the answer that the owner reads. */
export const decideAppealRequest = z.strictObject({
  complaintId: uuid,
  note: line(1_000).optional().describe('Your answer. The owner reads it.'),
});
/** Sent with the owner's session, or by the app with its own secret as `credential`. */
export const getStandingRequest = z.strictObject({ appId: uuid, credential: credential.optional() });
/** By an operator. */
export const readAppRequest = z.strictObject({ appId: uuid });
export const operatorOnAppRequest = z.strictObject({ appId: uuid, note: line(1_000).optional() });
/** `points`: the owner's points from now on, never fewer than before; without it the fewest that restrict nothing. */
export const reinstateRequest = operatorOnAppRequest.extend({ points: z.int().min(1).max(12).optional() });
