import { SessionEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { sessionRows } from './session-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const later = '2026-01-05T09:15:00.000Z';
const expiresAt = '2026-02-04T09:00:00.000Z';
const started: SessionEvent = {
  type: 'session.started',
  data: { userId: 'ann', provider: 'wechat', refreshHash: 'h', client: 'v1.x', expiresAt, at },
};
const refreshed: SessionEvent = { type: 'session.refreshed', data: { refreshHash: 'i', at: later } };
const row = {
  session_id: 's',
  person_id: 'ann',
  provider: 'wechat',
  client: 'v1.x',
  started_at: at,
  expires_at: expiresAt,
};
const rows = projectionSpec(sessionRows);

describe('where somebody is logged in', () => {
  it('is told with when it was used last', () => {
    rows.given(stream('s', started)).thenRows({ ...row, used_at: at, place: '1' });
    rows.given(stream('s', started, refreshed)).thenRows({ ...row, used_at: later, place: '1' });
  });
  it.each(['signed-out', 'reused', 'ended-elsewhere'] as const)('is over when it %s', (reason) => {
    const ended: SessionEvent = { type: 'session.ended', data: { reason, at: later } };
    rows.given(stream('s', started, ended)).thenRows();
  });
});
