import { LRUCache } from 'lru-cache';
import { authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { Session, SessionTokens } from './session-tokens';

/** How long an answer counts, from when it was asked for, in milliseconds. What ends a session is in force after that. */
export const checkedForMs = 3_000;
/** How long the auth service may take to say so, in milliseconds. */
const checkTimeoutMs = 2_000;
/** How many answers are remembered; the one unused for longest goes first. */
const rememberedMax = 10_000;

interface Check {
  readonly askedAtMs: number;
  readonly outcome: Promise<void>;
}

/**
 * Access tokens that are genuine and still count. A token alone says nothing of what happened since it was made, so the
 * auth service, which owns the sessions, is asked: once in three seconds for a session in use, however many calls it
 * makes. No answer, no session: while nobody can say whether it ended, it is not taken (503).
 */
export class LiveSessions {
  private readonly checks = new LRUCache<string, Check>({ max: rememberedMax });

  constructor(
    private readonly tokens: SessionTokens,
    private readonly requests: Pick<RpcClient, 'request'>,
  ) {}

  /**
   * The session, or `session.invalid`, `session.reused` (log in again), `session.expired` (refresh), or `unavailable`
   * `service.unavailable` when the auth service does not answer in time.
   */
  async verify(token: string): Promise<Session> {
    const session = await this.tokens.verify(token);
    await this.check(session);
    return session;
  }

  private check(session: Session): Promise<void> {
    const key = `${session.sessionId} ${session.userId} ${session.rolesVersion}`;
    const nowMs = performance.now();
    const known = this.checks.get(key);
    if (known && nowMs - known.askedAtMs < checkedForMs) return known.outcome;
    const asked: Check = { askedAtMs: nowMs, outcome: this.ask(session) };
    this.checks.set(key, asked);
    // A session that ended stays ended; an outage must not outlast itself.
    asked.outcome.catch((error: HarkError) => {
      if (error.kind === 'unavailable' && this.checks.peek(key) === asked) this.checks.delete(key);
    });
    return asked.outcome;
  }

  private async ask({ sessionId, userId, rolesVersion }: Session): Promise<void> {
    const asked = { sessionId, userId, rolesVersion };
    try {
      await this.requests.request(authSubjects.checkSession, asked, { timeoutMs: checkTimeoutMs });
    } catch (error) {
      if (error instanceof HarkError && error.kind === 'refused') throw error;
      // Whatever the reason: the call itself has not been begun, so its outcome is known.
      throw new HarkError(
        'unavailable',
        'service.unavailable',
        'nobody can say whether the session has ended',
        {
          extra: { retryAfter: 1 },
        },
        { cause: error },
      );
    }
  }
}
