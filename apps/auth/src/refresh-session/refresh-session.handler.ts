import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, parse, refreshRequest, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential, parseCredential } from '@hark/credentials';
import { Clock, HarkError, isUuid } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, Keys } from '@hark/service';
import { Admins } from '../admins.service';
import { SessionStore } from '../session.store';
import { SessionReplies } from '../session-replies.service';
import { UserStore } from '../user.store';

@Controller()
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
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<SessionReply>> {
    const request = requestContextOf(context);
    const presented = parseCredential(parse(refreshRequest, body).refreshToken);
    if (presented?.kind !== 'refresh' || !isUuid(presented.id)) throw ended('session.invalid');
    // The successor derives from the token it replaces, so parallel calls with one token all get the same one.
    const successor = issueCredential('refresh', presented.id, presented.hash, this.keys.secrets);
    const { state: session, position } = await this.sessions.execute(
      presented.id,
      {
        type: 'Refresh',
        presentedHash: presented.hash,
        successorHash: hashCredential(successor),
        at: this.clock.now(),
      },
      commandContext(request),
    );
    if (session.is !== 'live') {
      throw ended(session.is === 'ended' && session.reason === 'reused' ? 'session.reused' : 'session.invalid');
    }
    const spent = session.spent.find(({ hash }) => hash === presented.hash);
    if (!spent) throw ended('session.invalid');
    const { userId, expiresAt } = session;
    const { state: user } = await this.users.load(userId);
    await this.admins.settle(userId, user, commandContext(request));
    const reply = await this.replies.answer({
      sessionId: presented.id,
      userId,
      refreshToken: successor,
      issuedAt: spent.at,
      expiresAt,
    });
    return { body: reply, ...(position && { position }) };
  }
}

const ended = (code: 'session.invalid' | 'session.reused') =>
  new HarkError('refused', code, 'the refresh token is none of a live session');
