import { authSubjects } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { NatsRequests } from '@hark/nats';
import { Session, SessionTokens } from './session-tokens';

/** How long an answer counts, from when it was asked for, in milliseconds. What ends a session is in force after that. */
export const checkedForMs = 3_000;
/** How long the auth service may take to say so, in milliseconds. */
const checkTimeoutMs = 2_000;
/** How many answers are remembered; the oldest goes first. */
const rememberedMax = 10_000;

interface Check {
  readonly askedAtMs: number;
  readonly outcome: Promise<unknown>;
}

/**
 * Access tokens that are genuine and still count. A token alone says nothing of what happened since it was made, so the
 * auth service, which owns the sessions, is asked: once in three seconds for a session in use, however many calls it
 * makes. No answer, no session: while nobody can say whether it ended, it is not taken (503).
 */
export class LiveSessions {
  private readonly checks = new Map<string, Check>();

  constructor(
    private readonly tokens: SessionTokens,
    private readonly requests: Pick<NatsRequests, 'request'>,
  ) {}

  /**
   * The session, or `session.invalid`, `session.reused` (log in again), `session.expired` (refresh), or `unavailable` when
   * the auth service does not answer in time.
   */
  async verify(token: string): Promise<Session> {
    const session = await this.tokens.verify(token);
    await this.check(session);
    return session;
  }

  private async check({ sessionId, userId, rolesVersion }: Session): Promise<void> {
    const key = `${sessionId} ${userId} ${rolesVersion}`;
    const nowMs = performance.now();
    const known = this.checks.get(key);
    if (known && nowMs - known.askedAtMs < checkedForMs) return void (await known.outcome);
    const outcome = this.requests.request(
      authSubjects.checkSession,
      { sessionId, userId, rolesVersion },
      { timeoutMs: checkTimeoutMs },
    );
    const asked: Check = { askedAtMs: nowMs, outcome };
    this.checks.delete(key);
    this.checks.set(key, asked);
    if (this.checks.size > rememberedMax) this.checks.delete(this.checks.keys().next().value!);
    try {
      await outcome;
    } catch (error) {
      // A session that ended stays ended; an outage must not outlast itself.
      const lasting = error instanceof HarkError && error.kind === 'refused';
      if (!lasting && this.checks.get(key) === asked) this.checks.delete(key);
      throw error;
    }
  }
}
