import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, sessionIdRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { SessionStore } from '../session.store';

/** The caller ends one of their sessions, this one or another. Its tokens are refused from then on. */
@Controller()
@Requires('user')
export class EndOtherSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.endOtherSession)
  async handle(
    @Input(sessionIdRequest, { sessionId: 'session.unknown' }) { sessionId }: z.infer<typeof sessionIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { caller } }: HarkContext,
  ): Promise<Reply<null>> {
    const { state: session } = await this.sessions.load(sessionId);
    if (session.is === 'absent' || session.userId !== personId) throw unknown();
    const elsewhere = caller.sessionId === sessionId ? {} : ({ elsewhere: true } as const);
    const end = { type: 'End', ...elsewhere, at: this.clock.now() } as const;
    return replyTo(await this.sessions.execute(sessionId, end, context), null);
  }
}

const unknown = () => new HarkError('not-found', 'session.unknown', 'the person has no such session');
