import { Severity, StandingEvent } from '@hark/contracts';
import { penaltyTable } from '@hark/gate';
import { plusMs } from '@hark/kernel';
import { FoldProjection } from '@hark/readmodel';

/** A penalised owner: the last penalty and, if there is one, the proposed ban that waits for a second operator. */
export interface BanRow {
  owner_id: string;
  app_id: string;
  complaint_id: string;
  severity: Severity;
  points: number;
  proposed_by: string | null;
  proposed_at: string | null;
  /** The proposal's position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number | null;
  /** When the proposal lapses by itself. */
  lapses_at: string | null;
}

const none = { proposed_by: null, proposed_at: null, place: null, lapses_at: null } as const;

export const banRows: FoldProjection<BanRow, StandingEvent> = {
  name: 'complaints.bans.v1',
  table: 'complaints.bans',
  key: ['owner_id'],
  categories: ['standing'],

  // Nearly every standing is opened and never changed, so the opening makes no row.
  keyOf: ({ id, event }) => (event.type === 'standing.opened' ? undefined : { owner_id: id }),

  evolve(row, { event, id, position }) {
    if (event.type === 'standing.penalized') {
      const { appId, complaintId, severity, left } = event.data;
      // The penalty that led to the proposal stays while the proposal does.
      if (row?.proposed_at) return { ...row, points: left };
      return { owner_id: id, app_id: appId, complaint_id: complaintId, severity, points: left, ...none };
    }
    if (!row) return row;
    switch (event.type) {
      case 'standing.ban-proposed': {
        const { operatorId, at, until = plusMs(at, penaltyTable.proposedBanMs) } = event.data;
        return { ...row, proposed_by: operatorId, proposed_at: at, place: String(position), lapses_at: until };
      }
      case 'standing.banned':
      case 'standing.ban-rejected':
        return { ...row, ...none };
      case 'standing.reinstated':
        return { ...row, ...none, points: event.data.left ?? row.points };
      case 'standing.penalty-lifted': {
        const { left, banProposed } = event.data;
        if (!banProposed) return { ...row, ...none, points: left };
        const { complaintId, appId, severity, operatorId, until, at } = banProposed;
        const proposal = { proposed_by: operatorId, proposed_at: at, lapses_at: until };
        const of = { app_id: appId, complaint_id: complaintId, severity, points: left };
        return { ...row, ...of, ...proposal, place: row.proposed_at === at ? row.place : String(position) };
      }
      case 'standing.point-restored':
        return { ...row, points: event.data.left };
      case 'standing.opened':
      case 'standing.throttled':
      case 'standing.suspended':
        return row;
      default:
        event satisfies never;
        return row;
    }
  },
};
