import { LRUCache } from 'lru-cache';
import { authSubjects, SessionCheck } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { RpcClient } from '@hark/nats';
import { entriesAtMost } from '@hark/resilience';
import { Session, SessionTokens } from './session-tokens';

/**
 * How long an answer counts, in milliseconds from the question. The end of a session takes effect no later than that.
 */
export const checkedForMs = 3_000;
/** How long the auth service may take to answer, in milliseconds. */
const checkTimeoutMs = 2_000;
/** How many answers are remembered; the one unused for longest goes first. */
const rememberedMax = 10_000;

/** Roles that take a second factor. */
const privileged: ReadonlySet<string> = new Set(['operator', 'admin']);

interface Check {
  readonly askedAtMs: number;
  readonly outcome: Promise<SessionCheck>;
}

/**
 * Checks that a genuine access token still counts. A token says nothing of what happened since it was made, so the auth
 * service, which owns the sessions, is asked: once in three seconds for each session in use, however many calls it
 * makes. Without an answer the session is refused (503), because it may have ended.
 */
export class LiveSessions {
  private readonly checks = new LRUCache<string, Check>(entriesAtMost(rememberedMax));

  constructor(
    private readonly tokens: SessionTokens,
    private readonly requests: Pick<RpcClient, 'request'>,
  ) {}

  /**
   * The session, or `session.invalid`, `session.reused` (log in again), `session.expired` (refresh), or `unavailable`
   * `service.unavailable` when the auth service does not answer in time. The roles of operators and admins are withheld
   * until it has shown a second factor, so that it may do nothing by them anywhere.
   */
  async verify(token: string): Promise<Session> {
    const session = await this.tokens.verify(token);
    const { secondFactor } = await this.check(session);
    const roles = session.roles.filter((role) => !privileged.has(role));
    return secondFactor || roles.length === session.roles.length ? session : { ...session, roles, withheld: true };
  }

  /** Whose access token this was once, if it is a genuine one; nobody is asked whether it counts still. */
  knownUser(token: string | undefined): Promise<string | undefined> {
    return this.tokens.knownUser(token);
  }

  /** Whether it is an access token that we have signed and that has not expired; its session may have ended. */
  isSigned(token: string): Promise<boolean> {
    return this.tokens.verify(token).then(
      () => true,
      () => false,
    );
  }

  private async check(session: Session): Promise<SessionCheck> {
    const key = `${session.sessionId} ${session.userId} ${session.rolesVersion}`;
    const nowMs = performance.now();
    const known = this.checks.get(key);
    if (known && nowMs - known.askedAtMs < checkedForMs) {
      const told = await known.outcome;
      // Else whoever has just shown it would have to wait, and not know for what.
      if (told.secondFactor || !session.roles.some((role) => privileged.has(role))) return told;
    }
    const asked: Check = { askedAtMs: nowMs, outcome: this.ask(session) };
    this.checks.set(key, asked);
    // An ended session stays ended and may be remembered; an outage may not, or it would outlast itself.
    asked.outcome.catch((error: HarkError) => {
      if (error.kind === 'unavailable' && this.checks.peek(key) === asked) this.checks.delete(key);
    });
    return asked.outcome;
  }

  private async ask({ sessionId, userId, rolesVersion }: Session): Promise<SessionCheck> {
    const asked = { sessionId, userId, rolesVersion };
    try {
      const { body } = await this.requests.request<SessionCheck | null>(authSubjects.checkSession, asked, {
        timeoutMs: checkTimeoutMs,
      });
      // An auth service of an earlier version says nothing of it.
      return { secondFactor: body?.secondFactor === true };
    } catch (error) {
      if (error instanceof HarkError && error.kind === 'refused') throw error;
      // Whatever failed, the client's own call has not begun, so its outcome is known: `unavailable`.
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
