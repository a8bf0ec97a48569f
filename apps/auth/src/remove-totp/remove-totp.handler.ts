import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, totpCodeRequest, TotpView } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { isRecoveryCode, SecondFactors } from '../second-factors.service';
import { TotpViews } from '../totp-views.service';
import { UserStore } from '../user.store';

/** Somebody removes their second factor, with a code of it. All sessions that showed it lose what it gave them. */
@Controller()
@Requires('user')
@LimitGuesses({
  kind: 'totp',
  wrong: ['totp.code-wrong'],
  unguessable: ({ code }) => typeof code === 'string' && isRecoveryCode(code),
})
export class RemoveTotpHandler {
  constructor(
    private readonly users: UserStore,
    private readonly factors: SecondFactors,
    private readonly views: TotpViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.removeTotp)
  async handle(
    @Input(totpCodeRequest) { code }: z.infer<typeof totpCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request: { caller } }: HarkContext,
  ): Promise<Reply<TotpView>> {
    const { state: user } = await this.users.load(userId);
    const shown = await this.factors.shown(userId, user.totp, code);
    const remove = { type: 'RemoveTotp', by: `user:${userId}`, ...shown, at: this.clock.now() } as const;
    const executed = await this.users.execute(userId, remove, context);
    return replyTo(executed, this.views.view(executed.state.totp, caller.sessionId));
  }
}
