import { z } from 'zod';
import { complaintReason, severity } from './complaints.events';
import { credential, line, text, uuid } from './fields';
import { page } from './paging';

export const complaintsSubjects = {
  complain: 'complaints.complain',
  listMine: 'complaints.list-mine',
  listQueue: 'complaints.list-queue',
  getComplaint: 'complaints.get-complaint',
  uphold: 'complaints.uphold',
  dismiss: 'complaints.dismiss',
  getStanding: 'complaints.get-standing',
  reinstate: 'complaints.reinstate',
  listBans: 'complaints.list-bans',
  confirmBan: 'complaints.confirm-ban',
  rejectBan: 'complaints.reject-ban',
} as const;

export const complainRequest = z.strictObject({
  inboxItemId: uuid,
  reason: complaintReason,
  note: text(1_000).optional(),
});
export const listQueueRequest = z.strictObject({ ...page, status: z.enum(['open', 'upheld', 'dismissed']).optional() });
export const complaintIdRequest = z.strictObject({ complaintId: uuid });
export const upholdRequest = z.strictObject({ complaintId: uuid, severity, note: line(1_000).optional() });
export const dismissRequest = z.strictObject({ complaintId: uuid, note: line(1_000).optional() });
/** Sent with the owner's session, or by the app with its own secret as `credential`. */
export const getStandingRequest = z.strictObject({ appId: uuid, credential: credential.optional() });
export const operatorOnAppRequest = z.strictObject({ appId: uuid, note: line(1_000).optional() });
/** `points`: the owner's points from now on, never fewer than before; without it the fewest that restrict nothing. */
export const reinstateRequest = operatorOnAppRequest.extend({ points: z.int().min(1).max(12).optional() });
