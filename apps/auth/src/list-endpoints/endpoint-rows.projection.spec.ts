import { UserEvent } from '@hark/contracts';
import { projectionSpec, stream } from '@hark/testing';
import { endpointRows } from './endpoint-rows.projection';

const at = '2026-01-05T09:00:00.000Z';
const expiresAt = '2026-01-05T09:15:00.000Z';
const retryAt = '2026-01-05T09:05:00.000Z';
const endpointId = 'e1';
const added: UserEvent = {
  type: 'user.endpoint-added',
  data: { endpointId, kind: 'bark', address: 'v1.x', addressHash: 'h', at },
};
const challenged: UserEvent = {
  type: 'user.endpoint-challenged',
  data: { endpointId, code: 'v1.y', codeHash: 'h', expiresAt, at },
};
const deferred: UserEvent = {
  type: 'user.endpoint-challenge-deferred',
  data: { endpointId, codeHash: 'h', number: 1, reason: 'not-reached', retryAt, at },
};
const failed: UserEvent = {
  type: 'user.endpoint-challenge-failed',
  data: { endpointId, codeHash: 'h', reason: 'recipient-gone', at },
};
const verified: UserEvent = { type: 'user.endpoint-verified', data: { endpointId, at } };
const disabled: UserEvent = { type: 'user.endpoint-disabled', data: { endpointId, reason: 'recipient-gone', at } };
const removed: UserEvent = { type: 'user.endpoint-removed', data: { endpointId, at } };
const noChallenge = { challenge_expires_at: null, challenge_retry_at: null, challenge_failure: null };
const rows = projectionSpec(endpointRows);

describe('the rows of endpoints', () => {
  it.each<[string, UserEvent[], object]>([
    ['added', [], { ...noChallenge, verified: false, person_id: 'person', place: '1', added_at: at }],
    ['challenged', [challenged], { ...noChallenge, challenge_expires_at: expiresAt }],
    ['put off', [challenged, deferred], { challenge_expires_at: expiresAt, challenge_retry_at: retryAt }],
    ['given up', [challenged, deferred, failed], { challenge_retry_at: null, challenge_failure: 'recipient-gone' }],
    ['challenged anew', [challenged, failed, challenged], { challenge_failure: null, challenge_expires_at: expiresAt }],
    ['verified', [challenged, deferred, verified], { ...noChallenge, verified: true }],
    ['switched off', [verified, disabled], { verified: false, disabled_reason: 'recipient-gone' }],
    ['proven again', [verified, disabled, verified], { verified: true, disabled_reason: null }],
  ])('say what is: %s', (_, events, row) =>
    rows.given(stream('person', added, ...events)).thenRows({ endpoint_id: 'e1', kind: 'bark', ...row }),
  );

  it('go with the endpoint, and are not made by a code alone', () => {
    rows.given(stream('person', added, verified, removed)).thenRows();
    rows.given(stream('person', challenged)).thenRows();
  });
});
