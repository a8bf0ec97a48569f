import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, noFields, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, replyTo, Requires } from '@hark/service';
import { SessionStore } from '../session.store';

/** The caller signs out: ends the session of this call, and its tokens. */
@Controller()
@Requires('user')
export class EndSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.endSession)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { caller } }: HarkContext,
  ): Promise<Reply<null>> {
    const { sessionId } = caller;
    if (sessionId === undefined) throw new HarkError('refused', 'session.required', 'the caller has no session');
    const end = { type: 'End', at: this.clock.now() } as const;
    return replyTo(await this.sessions.execute(sessionId, end, context), null);
  }
}
