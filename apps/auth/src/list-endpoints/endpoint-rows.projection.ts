import { UserEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** One endpoint, as `auth.endpoints` has it. */
export interface EndpointRow {
  endpoint_id: string;
  person_id: string;
  kind: string;
  /** Sealed. */
  address: string;
  /** Keyed. */
  address_hash: string;
  verified: boolean;
  /** Until when its code may be entered. */
  challenge_expires_at: string | null;
  /** The position in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
  /** When its code is sent again, as long as its provider has not taken it. */
  challenge_retry_at: string | null;
  /** Why its code will not arrive. */
  challenge_failure: string | null;
  /** Why it was switched off. */
  disabled_reason: string | null;
  /** Sealed. */
  name: string | null;
  rank: number | null;
  /** Why a message did not arrive last. */
  trouble: { readonly reason: string; readonly at: string } | null;
  added_at: string;
}

const noChallenge = { challenge_expires_at: null, challenge_retry_at: null, challenge_failure: null };

/** `auth.endpoints`: one row an endpoint that is there. */
export const endpointRows: FoldProjection<EndpointRow, UserEvent> = {
  name: 'auth.endpoints.v5',
  table: 'auth.endpoints',
  key: ['endpoint_id'],
  categories: ['user'],

  keyOf({ event }) {
    return 'endpointId' in event.data ? { endpoint_id: event.data.endpointId } : undefined;
  },

  evolve(row, { event, id, position }) {
    if (event.type === 'user.endpoint-added') {
      const { endpointId, kind, address, addressHash, at } = event.data;
      const endpoint = {
        endpoint_id: endpointId,
        person_id: id,
        kind,
        address,
        address_hash: addressHash,
        added_at: at,
      };
      const asAdded = { verified: false, disabled_reason: null, name: null, rank: null, trouble: null };
      return { ...endpoint, ...noChallenge, ...asAdded, place: String(position) };
    }
    switch (event.type) {
      case 'user.endpoint-challenged':
        return row && { ...row, ...noChallenge, challenge_expires_at: event.data.expiresAt };
      // Always the latest challenge: the decider writes nothing about one that was replaced.
      case 'user.endpoint-challenge-deferred':
        return row && { ...row, challenge_retry_at: event.data.retryAt };
      case 'user.endpoint-challenge-resumed':
        return row && { ...row, challenge_retry_at: null };
      case 'user.endpoint-challenge-failed':
        return row && { ...row, challenge_retry_at: null, challenge_failure: event.data.reason };
      case 'user.endpoint-verified':
        return row && { ...row, ...noChallenge, verified: true, disabled_reason: null };
      case 'user.endpoint-disabled':
        return row && { ...row, ...noChallenge, verified: false, disabled_reason: event.data.reason };
      case 'user.endpoint-renamed':
        return row && { ...row, name: event.data.name };
      case 'user.endpoint-ranked':
        return row && { ...row, rank: event.data.rank };
      case 'user.endpoint-troubled':
        return row && { ...row, trouble: { reason: event.data.reason, at: event.data.at } };
      case 'user.endpoint-removed':
        return undefined;
      default:
        return row;
    }
  },
};
