import { SessionEvent } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** One session that was not ended, as `auth.sessions` has it. Whether its time is over is for the reader to see. */
export interface SessionRow {
  session_id: string;
  person_id: string;
  provider: string;
  /** Sealed. */
  client: string | null;
  started_at: string;
  used_at: string;
  expires_at: string;
  /** The position of its start in the log, by which the list is ordered. A number once it was read back. */
  place: string | number;
}

/** `auth.sessions`: where people are logged in. */
export const sessionRows: FoldProjection<SessionRow, SessionEvent> = {
  name: 'auth.sessions.v1',
  table: 'auth.sessions',
  key: ['session_id'],
  categories: ['session'],
  types: ['session.started', 'session.refreshed', 'session.ended'],
  emptiedBy: { type: 'user.erased', column: 'person_id' },

  keyOf: ({ id }) => ({ session_id: id }),

  evolve(row, { event, id, position }) {
    switch (event.type) {
      case 'session.started': {
        const { userId, provider, client = null, expiresAt, at } = event.data;
        return {
          session_id: id,
          person_id: userId,
          provider,
          client,
          started_at: at,
          used_at: at,
          expires_at: expiresAt,
          place: String(position),
        };
      }
      case 'session.refreshed':
        return row && { ...row, used_at: event.data.at };
      case 'session.ended':
        return undefined;
      default:
        return row;
    }
  },
};
