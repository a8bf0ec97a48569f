import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, parse, refreshRequest, SessionReply } from '@hark/contracts';
import { hashCredential, issueCredential, parseCredential } from '@hark/gate';
import { Clock, HarkError, isUuid } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, Keys } from '@hark/service';
import { Admins } from '../admins.store';
import { SessionAnswers } from '../session-answers.store';
import { SessionStore } from '../session.store';
import { UserStore } from '../user.store';

@Controller()
export class RefreshSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly answers: SessionAnswers,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.refresh)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<SessionReply>> {
    const request = requestContextOf(context);
    const presented = parseCredential(parse(refreshRequest, body).refreshToken);
    if (presented?.kind !== 'refresh' || !isUuid(presented.id)) throw ended('session.invalid');
    // The successor follows from the token it replaces: parallel calls with one token all get the same one.
    const successor = issueCredential('refresh', presented.id, presented.hash, this.keys.secrets);
    const { state: session, position } = await this.sessions.execute(
      presented.id,
      {
        type: 'Refresh',
        presentedHash: presented.hash,
        successorHash: hashCredential(successor),
        at: this.clock.now(),
      },
      commandOf(request),
    );
    if (session.is !== 'live') {
      throw ended(session.is === 'ended' && session.reason === 'reused' ? 'session.reused' : 'session.invalid');
    }
    const spent = session.spent.find(({ hash }) => hash === presented.hash);
    if (!spent) throw ended('session.invalid');
    const { userId, expiresAt } = session;
    const { state: person } = await this.users.load(userId);
    await this.admins.settle(userId, person, commandOf(request));
    const reply = await this.answers.answer({
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
