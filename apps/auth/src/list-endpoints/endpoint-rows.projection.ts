import { UserEvent } from '@hark/contracts';
import { Recorded } from '@hark/eventstore';
import { FoldProjection } from '@hark/readmodel';

/** One endpoint, as `auth.endpoints` has it. */
export interface EndpointRow {
  endpoint_id: string;
  person_id: string;
  kind: string;
  /** Sealed. */
  address: string;
  verified: boolean;
  /** Until when its code may be entered. */
  challenge_expires_at: string | null;
  /** Where it stands in the log, which orders the list. A number once it was read back. */
  place: string | number;
  added_at: string;
}

/** `auth.endpoints`: one row an endpoint that is there. */
export class EndpointRowsProjection implements FoldProjection<EndpointRow, UserEvent> {
  readonly name = 'auth.endpoints.v2';
  readonly table = 'auth.endpoints';
  readonly key = ['endpoint_id'] as const;
  readonly categories = ['user'];

  keyOf({ event }: Recorded<UserEvent>): Partial<EndpointRow> | undefined {
    return 'endpointId' in event.data ? { endpoint_id: event.data.endpointId } : undefined;
  }

  evolve(row: EndpointRow | undefined, { event, id, position }: Recorded<UserEvent>): EndpointRow | undefined {
    if (event.type === 'user.endpoint-added') {
      const { endpointId, kind, address, at } = event.data;
      const endpoint = { endpoint_id: endpointId, person_id: id, kind, address, added_at: at };
      return { ...endpoint, place: String(position), verified: false, challenge_expires_at: null };
    }
    switch (event.type) {
      case 'user.endpoint-challenged':
        return row && { ...row, challenge_expires_at: event.data.expiresAt };
      case 'user.endpoint-verified':
        return row && { ...row, verified: true, challenge_expires_at: null };
      case 'user.endpoint-removed':
        return undefined;
      default:
        return row;
    }
  }
}
