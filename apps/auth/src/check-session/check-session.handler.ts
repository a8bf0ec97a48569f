import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, checkSessionRequest, Reply, SessionCheck } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { isSteppedUp } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, Requires } from '@hark/service';
import { Admins } from '../admins.service';
import { AuthConfig } from '../auth.config';
import { endedCode } from '../domain/session.decider';
import { SessionStore } from '../session.store';
import { UserStore } from '../user.store';

/**
 * Whether an issued access token still counts: its session has not ended and its roles are current; and whether it has
 * shown the second factor that operators and admins need. Read from the streams, so that it is never behind them.
 */
@Controller()
@Requires('gateway')
export class CheckSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly users: UserStore,
    private readonly admins: Admins,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.checkSession)
  async handle(
    @Input(checkSessionRequest) { sessionId, userId, rolesVersion }: z.infer<typeof checkSessionRequest>,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<SessionCheck>> {
    const [{ state: session }, { state: user }] = await Promise.all([
      this.sessions.load(sessionId),
      this.users.load(userId),
    ]);
    if (session.is === 'ended') throw dead(endedCode(session.reason));
    if (session.is === 'absent' || session.userId !== userId || user.erased) throw dead('session.invalid');
    const settled = await this.admins.settle(userId, user, context);
    if (settled.rolesVersion !== rolesVersion) throw dead('session.expired');
    const secondFactor = !this.config.secondFactorRequired || isSteppedUp(settled.totp, sessionId, this.clock.now());
    return { body: { secondFactor } };
  }
}

/** A refresh mends `session.expired`; the other errors need a new log-in. */
const dead = (code: ReturnType<typeof endedCode> | 'session.expired') =>
  new HarkError('refused', code, 'the access token does not count any more');
