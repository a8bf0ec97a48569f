import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, checkSessionRequest, parse } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext } from '@hark/service';
import { Admins } from '../admins.service';
import { SessionStore } from '../session.store';
import { UserStore } from '../user.store';

/**
 * Whether an issued access token still counts: its session has not ended and its roles are current. Read from the
 * streams, so that it is never behind the end of the session or a change of roles.
 */
@Controller()
export class CheckSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly admins: Admins,
  ) {}

  @MessagePattern(authSubjects.checkSession)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<null>> {
    const request = requestContextOf(context);
    if (request.caller.kind !== 'service') throw dead('session.required');
    const { sessionId, userId, rolesVersion } = parse(checkSessionRequest, body);
    const [{ state: session }, { state: user }] = await Promise.all([
      this.sessions.load(sessionId),
      this.users.load(userId),
    ]);
    if (session.is === 'ended') throw dead(session.reason === 'reused' ? 'session.reused' : 'session.invalid');
    if (session.is === 'absent' || session.userId !== userId) throw dead('session.invalid');
    const settled = await this.admins.settle(userId, user, commandContext(request));
    if (settled.rolesVersion !== rolesVersion) throw dead('session.expired');
    return { body: null };
  }
}

/** A refresh mends `session.expired`; the other errors need a new log-in. */
const dead = (code: 'session.required' | 'session.invalid' | 'session.reused' | 'session.expired') =>
  new HarkError('refused', code, 'the access token does not count any more');
