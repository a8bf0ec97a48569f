import { SessionEvent } from '@hark/contracts';
import { Decider, HarkError, IsoTime, plusMs } from '@hark/kernel';

const dayMs = 24 * 3_600_000;
/** How long a session lives without being refreshed, in milliseconds. */
export const idleMs = 2 * dayMs;
/** How long a session lives at most, in milliseconds. */
export const sessionLifeMs = 30 * dayMs;
/**
 * For how long, in milliseconds, a spent refresh token still answers with its successor: a page makes parallel calls.
 */
export const graceMs = 10_000;
/**
 * The most refreshes of a session, which bounds the family that is remembered. Every five minutes for 30 days makes 8
 * 640.
 */
export const refreshesMax = 10_000;

interface Family {
  readonly userId: string;
  /** Hash of the one live refresh token. */
  readonly refreshHash: string;
  readonly spent: readonly { readonly hash: string; readonly at: IsoTime }[];
  readonly startedAt: IsoTime;
  readonly usedAt: IsoTime;
  readonly expiresAt: IsoTime;
}

/** A login and the family of refresh tokens that came from it (登录态). */
export type Session =
  | { readonly is: 'absent' }
  | ({ readonly is: 'live' } & Family)
  | ({ readonly is: 'ended'; readonly reason: 'signed-out' | 'reused' } & Family);

export type SessionCommand = { readonly at: IsoTime } & (
  | {
      readonly type: 'Start';
      readonly userId: string;
      readonly provider: 'wechat' | 'email';
      readonly refreshHash: string;
      /** Sealed. */
      readonly sessionKey?: string;
    }
  /** The person ends it. */
  | { readonly type: 'End' }
  /**
   * Reuse of a spent token is recorded, not thrown: look at the state afterwards. `successorHash` derives from the
   * presented token.
   */
  | { readonly type: 'Refresh'; readonly presentedHash: string; readonly successorHash: string }
);

/** The rules of a session: tokens rotate; a spent one used again after the grace ends the whole family. */
export const sessionDecider: Decider<Session, SessionCommand, SessionEvent> = {
  initial: { is: 'absent' },

  decide(command, session) {
    if (command.type === 'Refresh') return refresh(command, session);
    if (command.type === 'End') {
      return session.is === 'live' ? [{ type: 'session.ended', data: { reason: 'signed-out', at: command.at } }] : [];
    }
    const { type: _, ...data } = command;
    if (session.is === 'absent') {
      return [{ type: 'session.started', data: { ...data, expiresAt: plusMs(command.at, sessionLifeMs) } }];
    }
    if (belongsTo(session, command.refreshHash)) return [];
    throw invalid();
  },

  evolve(session, event) {
    if (event.type === 'session.started') {
      const { userId, refreshHash, expiresAt, at } = event.data;
      return { is: 'live', userId, refreshHash, spent: [], startedAt: at, usedAt: at, expiresAt };
    }
    if (session.is === 'absent') return session;
    switch (event.type) {
      case 'session.refreshed': {
        const { refreshHash, at } = event.data;
        return { ...session, refreshHash, usedAt: at, spent: [...session.spent, { hash: session.refreshHash, at }] };
      }
      case 'session.ended':
        return { ...session, is: 'ended', reason: event.data.reason };
      default:
        event satisfies never;
        return session;
    }
  },
};

function refresh(command: Extract<SessionCommand, { type: 'Refresh' }>, session: Session): SessionEvent[] {
  const { presentedHash, successorHash, at } = command;
  if (session.is === 'absent' || !belongsTo(session, presentedHash)) throw invalid();
  if (session.is === 'ended') return [];
  const spent = session.spent.find(({ hash }) => hash === presentedHash);
  if (spent) {
    return at <= plusMs(spent.at, graceMs) ? [] : [{ type: 'session.ended', data: { reason: 'reused', at } }];
  }
  if (at >= sessionEndsAt(session) || session.spent.length >= refreshesMax) {
    throw new HarkError('refused', 'session.expired', 'the session is over; log in again');
  }
  return [{ type: 'session.refreshed', data: { refreshHash: successorHash, at } }];
}

/** When the session ends unless it is refreshed. */
export function sessionEndsAt({ usedAt, expiresAt }: Pick<Family, 'usedAt' | 'expiresAt'>): IsoTime {
  const idleAt = plusMs(usedAt, idleMs);
  return idleAt < expiresAt ? idleAt : expiresAt;
}

// These are hashes of 256 random bits: timing their comparison does not help to find one.
const belongsTo = ({ refreshHash, spent }: Family, hash: string): boolean =>
  refreshHash === hash || spent.some((one) => one.hash === hash);

const invalid = () => new HarkError('refused', 'session.invalid', 'no token of this session');
