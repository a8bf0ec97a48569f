import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, noFields, parse } from '@hark/contracts';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, requireUser } from '@hark/service';
import { SessionStore } from '../session.store';

/** The caller signs out: ends the session of this call, and its tokens. */
@Controller()
export class EndSessionHandler {
  constructor(
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.endSession)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<null>> {
    const request = requestContextOf(context);
    requireUser(request);
    parse(noFields, body);
    const { sessionId } = request.caller;
    if (sessionId === undefined) throw new HarkError('refused', 'session.required', 'the caller has no session');
    const end = { type: 'End', at: this.clock.now() } as const;
    const { position } = await this.sessions.execute(sessionId, end, commandContext(request));
    return { body: null, ...(position && { position }) };
  }
}
