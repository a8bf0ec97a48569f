import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, totpCodeRequest, TotpView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { currentSession, isRecoveryCode, SecondFactors } from '../second-factors.service';
import { TotpViews } from '../totp-views.service';

/** The session shows a code of the second factor, and may act as operator or admin for twelve hours. */
@Controller()
@Requires('user')
// Whoever guesses has the person's session already; the person gets in by a recovery code even while they do.
@LimitGuesses({
  kind: 'totp',
  wrong: ['totp.code-wrong'],
  unguessable: ({ code }) => typeof code === 'string' && isRecoveryCode(code),
})
export class StepUpSessionHandler {
  constructor(
    private readonly factors: SecondFactors,
    private readonly views: TotpViews,
  ) {}

  @MessagePattern(authSubjects.stepUpSession)
  async handle(
    @Input(totpCodeRequest) { code }: z.infer<typeof totpCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<TotpView>> {
    const sessionId = currentSession(request);
    const executed = await this.factors.stepUp(userId, sessionId, code, context);
    return replyTo(executed, this.views.view(executed.state.totp, sessionId));
  }
}
