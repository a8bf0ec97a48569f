import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, refreshRequest, Reply, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential, parseCredential } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError, isUuid } from '@hark/kernel';
import { CommandCtx, Input, Keys, LimitGuesses, replyTo, Requires } from '@hark/service';
import { Admins } from '../admins.service';
import { endedCode } from '../domain/session.decider';
import { SessionStore } from '../session.store';
import { SessionReplies } from '../session-replies.service';
import { UserStore } from '../user.store';

/** Trades a refresh token for the next pair. One that was spent more than ten seconds ago ends the session. */
@Controller()
@Requires('anyone')
@LimitGuesses({ kind: 'refresh', wrong: ['session.invalid'], unguessable: true })
export class RefreshSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly replies: SessionReplies,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.refresh)
  async handle(
    @Input(refreshRequest) { refreshToken }: z.infer<typeof refreshRequest>,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<SessionReply>> {
    const presented = parseCredential(refreshToken);
    if (presented?.kind !== 'refresh' || !isUuid(presented.id)) throw ended('session.invalid');
    // The successor derives from the token it replaces, so parallel calls with one token all get the same one.
    const successor = issueCredential('refresh', presented.id, presented.hash, this.keys.secrets);
    const executed = await this.sessions.execute(
      presented.id,
      {
        type: 'Refresh',
        presentedHash: presented.hash,
        successorHash: hashCredential(successor),
        at: this.clock.now(),
      },
      context,
    );
    const session = executed.state;
    if (session.is !== 'live') {
      throw ended(session.is === 'ended' ? endedCode(session.reason) : 'session.invalid');
    }
    const spent = session.spent.find(({ hash }) => hash === presented.hash);
    if (!spent) throw ended('session.invalid');
    const { userId, expiresAt } = session;
    const { state: user } = await this.users.load(userId);
    if (user.erased) throw ended('session.invalid');
    await this.admins.settle(userId, user, context);
    const reply = await this.replies.reply({
      sessionId: presented.id,
      userId,
      refreshToken: successor,
      issuedAt: spent.at,
      expiresAt,
    });
    return replyTo(executed, reply);
  }
}

const ended = (code: ReturnType<typeof endedCode>) =>
  new HarkError('refused', code, 'the refresh token is none of a live session');
