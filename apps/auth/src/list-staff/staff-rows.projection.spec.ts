import { UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { staffRows } from './staff-rows.projection';

const at = '2026-11-28T09:00:00.000Z';
const granted = (role: 'operator' | 'admin', by: string): UserEvent => ({
  type: 'user.role-granted',
  data: { role, by, at },
});
const revoked = (role: 'operator' | 'admin', by: string): UserEvent => ({
  type: 'user.role-revoked',
  data: { role, by, at },
});
const use = { sessionId: 's', useId: 'c', until: at, step: 1, at };
const confirmed: UserEvent = { type: 'user.totp-confirmed', data: { ...use, recoveryHashes: [] } };
const removed: UserEvent = { type: 'user.totp-removed', data: { by: 'user:u', at } };
const rows = projectionSpec(staffRows);

describe('the rows of operators and admins', () => {
  it('say which roles somebody has, from whom, and lose what is taken back', () =>
    rows
      .given(
        stream('u1', granted('operator', 'HARK_ADMINS'), granted('admin', 'HARK_ADMINS'), granted('admin', 'user:u2')),
        stream('u3', granted('operator', 'user:u1'), revoked('operator', 'user:u2')),
        stream('u4', granted('admin', 'HARK_ADMINS'), granted('admin', 'user:u1'), revoked('admin', 'HARK_ADMINS')),
      )
      .thenRows(
        {
          user_id: 'u1',
          grants: [
            { role: 'operator', by: 'HARK_ADMINS', at },
            { role: 'admin', by: 'HARK_ADMINS', at },
            { role: 'admin', by: 'user:u2', at },
          ],
          second_factor: false,
          place: '1',
        },
        { user_id: 'u3', grants: [] },
        { user_id: 'u4', grants: [{ role: 'admin', by: 'user:u1', at }] },
      ));

  it('say whether somebody has a second factor', () =>
    rows
      .given(stream('u1', granted('operator', 'user:u2'), confirmed), stream('u2', confirmed, removed))
      .thenRows({ user_id: 'u1', second_factor: true }, { user_id: 'u2', second_factor: false, grants: [] }));
});
