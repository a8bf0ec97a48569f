import { z } from 'zod';
import { complaintReason, Severity, severity } from './complaints.events';
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
/** By the owner's session, or by the app with its own secret as `credential`. */
export const getStandingRequest = z.strictObject({ appId: uuid, credential: credential.optional() });
export const operatorOnAppRequest = z.strictObject({ appId: uuid, note: line(1_000).optional() });
/** `points`: what the owner has from now on, never fewer than before; without it the fewest that restrict nothing. */
export const reinstateRequest = operatorOnAppRequest.extend({ points: z.int().min(1).max(12).optional() });

/** What the person who complained sees of it. */
export interface ComplaintView {
  readonly id: string;
  readonly status: 'open' | 'upheld' | 'dismissed';
  readonly inboxItemId: string;
  readonly reason: string;
  readonly complainedAt: string;
  readonly decidedAt?: string;
  readonly severity?: Severity;
}
/** Something that was done about a case, and by which operator. */
export interface CaseEntry {
  readonly event: string;
  readonly at: string;
  readonly by?: string;
  readonly note?: string;
  readonly label?: string;
  readonly severity?: Severity;
}
/** What an operator sees: the push as evidence, and what was done about it, never who complained. */
export interface ComplaintCase extends ComplaintView {
  readonly appId: string;
  readonly appName: string;
  readonly ownerId: string;
  /** Oldest first. */
  readonly history: readonly CaseEntry[];
  readonly note?: string;
  /** False where the push was sent by a key that the app itself never used: upholding it then takes no points. */
  readonly costsPoints: boolean;
  readonly evidence?: {
    readonly title?: string;
    readonly body: string;
    readonly url?: string;
    readonly pushedAt: string;
    /** `app`: the app's own secret. `key`: a binding's key, which its person was handed first; absent: not known. */
    readonly sentBy?: 'app' | 'key';
    /** With `key`: whether the app itself had used that key, so that it is not the person's alone. */
    readonly appKnowsKey?: boolean;
  };
}
export interface StandingView {
  readonly points: number;
  readonly status: 'good' | 'throttled' | 'suspended' | 'banned';
  readonly until?: string;
  /** Newest first; never says who complained. */
  readonly history: readonly {
    readonly event: string;
    readonly at: string;
    readonly severity?: Severity;
    readonly points?: number;
    readonly left?: number;
    readonly until?: string;
  }[];
}
/** A ban that waits for a second operator: whose, who proposed it, and what for. */
export interface ProposedBan {
  readonly appId: string;
  readonly appName: string;
  readonly ownerId: string;
  readonly points: number;
  readonly proposedBy: string;
  readonly proposedAt: string;
  /** Until then the owner is suspended; unanswered, the proposal lapses. */
  readonly until: string;
  /** The complaint that was upheld last before it, to be looked at before one confirms. */
  readonly complaintId: string;
  readonly severity: Severity;
}
export interface UpholdReply {
  readonly complaint: ComplaintCase;
  readonly standing?: StandingView;
}
