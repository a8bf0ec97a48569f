import { Injectable } from '@nestjs/common';
import { aadOf, Reply, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { ClientFacts } from '@hark/nats';
import { Keys, replyTo } from '@hark/service';
import { Vault } from '@hark/vault';
import { networkOf } from './domain/client-facts';
import { isRepeatable, Session } from './domain/session.decider';
import { SessionStore } from './session.store';
import { SessionReplies } from './session-replies.service';

/** A log-in that was proven. `sessionId` derives from what proved it, so that it starts one session. */
export interface ProvenLogIn {
  readonly sessionId: string;
  readonly userId: string;
  readonly provider: 'wechat' | 'email' | 'device';
  /** Of WeChat: the key, and the openid whose it is. */
  readonly wechat?: { readonly sessionKey: string; readonly openid: string };
}

/** Starts sessions, and finds the one that a repeated log-in has started already. */
@Injectable()
export class SessionStarts {
  constructor(
    private readonly sessions: SessionStore,
    private readonly replies: SessionReplies,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  /** Starts the session. Throws `session.invalid` when another log-in has started it. */
  async start(
    { sessionId, userId, provider, wechat }: ProvenLogIn,
    context: CommandContext,
    client: ClientFacts | undefined,
  ): Promise<Reply<SessionReply>> {
    const seal = (text: string, aad: string) => this.vault.seal(userId, text, aad);
    const clientHash = this.clientHash(sessionId, client);
    const start = {
      type: 'Start',
      userId,
      provider,
      refreshHash: hashCredential(this.refreshToken(sessionId)),
      ...(wechat && {
        sessionKey: await seal(wechat.sessionKey, aadOf.sessionKey(sessionId)),
        subject: await seal(wechat.openid, aadOf.sessionSubject(sessionId)),
      }),
      ...(client && { client: await seal(kept(client), aadOf.sessionClient(sessionId)) }),
      ...(clientHash !== undefined && { clientHash }),
      at: this.clock.now(),
    } as const;
    const executed = await this.sessions.execute(sessionId, start, { ...context, creates: true });
    return replyTo(executed, await this.reply(sessionId));
  }

  /**
   * The answer that this log-in had, for a repeat under its Idempotency-Key, or soon after by the client that made it;
   * undefined while there is no session. Throws `spent()` when there is one that is not this client's to have.
   */
  async repeated(
    sessionId: string,
    context: CommandContext,
    client: ClientFacts | undefined,
    spent: () => HarkError,
  ): Promise<Reply<SessionReply> | undefined> {
    const earlier = await this.sessions.repeatOf(sessionId, { ...context, creates: true });
    if (!earlier) {
      const { state: session } = await this.sessions.load(sessionId);
      if (session.is === 'absent') return undefined;
      if (!isRepeatable(session, this.clientHash(sessionId, client), this.clock.now())) throw spent();
    }
    return { body: await this.reply(sessionId), replayed: true };
  }

  private async reply(sessionId: string): Promise<SessionReply> {
    const { state } = await this.sessions.load(sessionId);
    const { userId, startedAt, expiresAt } = live(state);
    const refreshToken = this.refreshToken(sessionId);
    return this.replies.reply({ sessionId, userId, refreshToken, issuedAt: startedAt, expiresAt });
  }

  private refreshToken(sessionId: string): string {
    return issueCredential('refresh', sessionId, sessionId, this.keys.secrets);
  }

  // The session is part of what is hashed, so that the hashes of two sessions do not show that they are one client's.
  private clientHash(sessionId: string, client: ClientFacts | undefined): string | undefined {
    if (client === undefined) return undefined;
    return this.vault.lookupHash('log-in-client', `${sessionId}\n${client.address}\n${client.userAgent ?? ''}`);
  }
}

function live(session: Session): Extract<Session, { is: 'live' }> {
  if (session.is === 'live') return session;
  throw new HarkError('refused', 'session.invalid', 'the session has ended');
}

const kept = ({ address, userAgent }: ClientFacts): string =>
  JSON.stringify({ userAgent, network: networkOf(address) });
