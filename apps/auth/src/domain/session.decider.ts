import { SessionEvent } from '@hark/contracts';
import { credentialMatches } from '@hark/credentials';
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
 * For how long, in milliseconds, the client that logged in may ask again with the same code: as long as WeChat's codes
 * live (WeChat docs: code2Session).
 */
export const logInRepeatMs = 5 * 60_000;
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
  /** The client that logged in (`session.started`). */
  readonly clientHash: string | null;
  /** Sealed: WeChat's session_key, and the openid whose it is. */
  readonly sessionKey: string | null;
  readonly subject: string | null;
  readonly startedAt: IsoTime;
  readonly usedAt: IsoTime;
  readonly expiresAt: IsoTime;
}

type EndReason = Extract<SessionEvent, { type: 'session.ended' }>['data']['reason'];

/** A login and the family of refresh tokens that came from it (登录态). */
export type Session =
  | { readonly is: 'absent' }
  | ({ readonly is: 'live' } & Family)
  | ({ readonly is: 'ended'; readonly reason: EndReason } & Family);

export type SessionCommand = { readonly at: IsoTime } & (
  | {
      readonly type: 'Start';
      readonly userId: string;
      readonly provider: 'wechat' | 'email' | 'device';
      readonly refreshHash: string;
      /** Sealed: WeChat's session_key, and the openid whose it is. */
      readonly sessionKey?: string;
      readonly subject?: string;
      /** Sealed: what the connection showed of the client. */
      readonly client?: string;
      readonly clientHash?: string;
    }
  /** The person ends it; `elsewhere`: from another session of theirs. */
  | { readonly type: 'End'; readonly elsewhere?: true }
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
      const reason = command.elsewhere ? 'ended-elsewhere' : 'signed-out';
      return session.is === 'live' ? [{ type: 'session.ended', data: { reason, at: command.at } }] : [];
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
      const { userId, refreshHash, clientHash = null, sessionKey = null, subject = null, expiresAt, at } = event.data;
      const family = { userId, refreshHash, clientHash, sessionKey, subject, expiresAt };
      return { is: 'live', ...family, spent: [], startedAt: at, usedAt: at };
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

/**
 * Whether the client may have the answer to its log-in once more, without an Idempotency-Key. The answer holds tokens, so
 * only the client that logged in may, soon after, and only while nobody has used them.
 */
export const isRepeatable = (session: Session, clientHash: string | undefined, now: IsoTime): boolean =>
  session.is === 'live' &&
  session.spent.length === 0 &&
  clientHash !== undefined &&
  session.clientHash === clientHash &&
  now < plusMs(session.startedAt, logInRepeatMs);

/** When the session ends unless it is refreshed. */
export function sessionEndsAt({ usedAt, expiresAt }: Pick<Family, 'usedAt' | 'expiresAt'>): IsoTime {
  const idleAt = plusMs(usedAt, idleMs);
  return idleAt < expiresAt ? idleAt : expiresAt;
}

// Spent tokens are compared as they come: they are up to ten thousand, and finding one gains nothing.
const belongsTo = ({ refreshHash, spent }: Family, hash: string): boolean =>
  credentialMatches(hash, refreshHash) || spent.some((one) => one.hash === hash);

const invalid = () => new HarkError('refused', 'session.invalid', 'no token of this session');

/** What a token of an ended session is refused with, by why it ended. */
export const endedCode = (reason: EndReason): 'session.reused' | 'session.ended' | 'session.invalid' =>
  (({ reused: 'session.reused', 'ended-elsewhere': 'session.ended', 'signed-out': 'session.invalid' }) as const)[
    reason
  ];
