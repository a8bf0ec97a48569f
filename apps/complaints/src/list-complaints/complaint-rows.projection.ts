import { ComplaintEvent, ComplaintView, Severity } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** A complaint in the lists. Holds no words of anybody. */
export interface ComplaintRow {
  complaint_id: string;
  person_id: string;
  app_id: string;
  owner_id: string;
  push_id: string;
  reason: ComplaintView['reason'];
  status: ComplaintView['status'];
  severity: Severity | null;
  /** The position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  complained_at: string;
  decided_at: string | null;
  appeal: NonNullable<ComplaintView['appeal']>['status'] | null;
  appealed_at: string | null;
  appeal_decided_at: string | null;
  /** The appeal's position in the log, by which the list of appeals is ordered. */
  appeal_place: string | number | null;
}

const unappealed = { appeal: null, appealed_at: null, appeal_decided_at: null, appeal_place: null } as const;

export const complaintRows: FoldProjection<ComplaintRow, ComplaintEvent> = {
  name: 'complaints.complaints.v3',
  table: 'complaints.complaints',
  key: ['complaint_id'],
  categories: ['complaint'],
  replacing: ['complaint.complained'],

  keyOf: ({ id }) => ({ complaint_id: id }),

  evolve(row, { event, id, position }) {
    if (event.type === 'complaint.complained') {
      const { personId, appId, ownerId, pushId, reason, at } = event.data;
      const ids = { complaint_id: id, person_id: personId, app_id: appId, owner_id: ownerId, push_id: pushId };
      const place = String(position);
      return {
        ...ids,
        reason,
        status: 'open',
        severity: null,
        place,
        complained_at: at,
        decided_at: null,
        ...unappealed,
      };
    }
    if (!row) return row;
    switch (event.type) {
      case 'complaint.upheld':
        return { ...row, status: 'upheld', severity: event.data.severity, decided_at: event.data.at };
      case 'complaint.dismissed':
        return { ...row, status: 'dismissed', decided_at: event.data.at };
      case 'complaint.appealed':
        return { ...row, appeal: 'open', appealed_at: event.data.at, appeal_place: String(position) };
      case 'complaint.appeal-granted':
        return { ...row, appeal: 'granted', appeal_decided_at: event.data.at };
      case 'complaint.appeal-refused':
        return { ...row, appeal: 'refused', appeal_decided_at: event.data.at };
      default:
        event satisfies never;
        return row;
    }
  },
};
