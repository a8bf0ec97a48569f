import { ComplaintEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { complaintRows } from './complaint-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-06T09:00:00.000Z';
const ids = { pushId: 'push', appId: 'app', ownerId: 'owner', personId: 'person' };
const complained: ComplaintEvent = {
  type: 'complaint.complained',
  data: { ...ids, reason: 'spam', note: 'v1.person.aa.bb', at },
};
const decision = { decisionId: 'd', operatorId: 'op', note: 'noted', at: later };
const upheld: ComplaintEvent = { type: 'complaint.upheld', data: { ...decision, severity: 'major' } };
const dismissed: ComplaintEvent = { type: 'complaint.dismissed', data: decision };
const open = { status: 'open', severity: null, complained_at: at, decided_at: null } as const;
const rows = projectionSpec(complaintRows);

describe('the rows of complaints', () => {
  it('say who complains of what, in the order of the log, without a word of anybody', () => {
    rows
      .given(stream('c1', complained), stream('c2', complained))
      .thenRows({ complaint_id: 'c1', place: '1', ...open }, { complaint_id: 'c2', place: '2', ...open });
    const row = complaintRows.evolve(undefined, { event: complained, id: 'c1', position: 1n } as never);
    expect(JSON.stringify(row)).not.toMatch(/v1\.person|noted/);
  });

  it('say what became of it', () => {
    rows
      .given(stream('c1', complained, upheld))
      .thenRows({ status: 'upheld', severity: 'major', decided_at: later, place: '1' });
    rows
      .given(stream('c1', complained, dismissed))
      .thenRows({ status: 'dismissed', severity: null, decided_at: later });
  });

  it('say what became of the appeal, and where it stands in the log', () => {
    const appealed: ComplaintEvent = {
      type: 'complaint.appealed',
      data: { requestId: 'r', penaltyId: 'p', note: 'v1.owner.aa.bb', at: later },
    };
    rows
      .given(stream('c1', complained, upheld))
      .thenRows({ appeal: null, appealed_at: null, appeal_decided_at: null, appeal_place: null });
    rows
      .given(stream('c1', complained, upheld, appealed))
      .thenRows({ status: 'upheld', appeal: 'open', appealed_at: later, appeal_place: '3' });
    const decided = (status: 'granted' | 'refused') =>
      ({ type: `complaint.appeal-${status}`, data: decision }) as ComplaintEvent;
    for (const status of ['granted', 'refused'] as const)
      rows
        .given(stream('c1', complained, upheld, appealed, decided(status)))
        .thenRows({ status: 'upheld', appeal: status, appeal_decided_at: later, appeal_place: '3', place: '1' });
  });

  it('are not made by a decision about a complaint that nobody knows', () =>
    rows.given(stream('c1', dismissed)).thenRows());
});
