import { z } from 'zod';
import { credential, line, text, uuid } from './fields';
import { page } from './auth.requests';
import { complaintReason, severity, Severity } from './complaints.events';

export const complaintsSubjects = {
  complain: 'complaints.complain',
  listMine: 'complaints.list-mine',
  listQueue: 'complaints.list-queue',
  getComplaint: 'complaints.get-complaint',
  uphold: 'complaints.uphold',
  dismiss: 'complaints.dismiss',
  getStanding: 'complaints.get-standing',
  reinstate: 'complaints.reinstate',
  confirmBan: 'complaints.confirm-ban',
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
/** What an operator sees: the push as evidence, never who complained. */
export interface ComplaintCase extends ComplaintView {
  readonly appId: string;
  readonly ownerId: string;
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
export interface UpholdReply {
  readonly complaint: ComplaintCase;
  readonly standing?: StandingView;
}
