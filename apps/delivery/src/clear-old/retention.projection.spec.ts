import { UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { retentionRows } from './retention.projection';

const at = '2026-01-05T09:00:00.000Z';
const set = (days: number | null): UserEvent => ({ type: 'user.retention-set', data: { days, at } });
const erased: UserEvent = { type: 'user.erased', data: { at } };

it('the latest word of each person counts, and nothing of who takes it back or is erased', () =>
  projectionSpec(retentionRows)
    .given(stream('ann', set(30), set(90)), stream('ben', set(30), set(null)), stream('cat', set(30), erased))
    .thenRows({ person_id: 'ann', days: 90 }));
