import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, ConfirmTotpReply, Reply, totpCodeRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, plusMs } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, LimitGuesses, replyTo, Requires, UserId } from '@hark/service';
import { codeWrong } from '../domain/totp.rules';
import { currentSession, SecondFactors, stepUpLifeMs } from '../second-factors.service';
import { TotpViews } from '../totp-views.service';
import { UserStore } from '../user.store';

/** The first code of a new second factor: from now on it counts. Shows the recovery codes once; the session has shown it. */
@Controller()
@Requires('user')
@LimitGuesses({ kind: 'totp', wrong: ['totp.code-wrong'] })
export class ConfirmTotpHandler {
  constructor(
    private readonly users: UserStore,
    private readonly factors: SecondFactors,
    private readonly views: TotpViews,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.confirmTotp)
  async handle(
    @Input(totpCodeRequest) { code }: z.infer<typeof totpCodeRequest>,
    @UserId() userId: string,
    @CommandCtx() context: CommandContext,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ConfirmTotpReply>> {
    const sessionId = currentSession(request);
    const executed =
      (await this.users.repeatOf(userId, context)) ?? (await this.confirm(userId, sessionId, code, context));
    const recoveryCodes = this.factors.recoveryCodesOf(userId, context.commandId);
    return replyTo(executed, { ...this.views.view(executed.state.totp, sessionId), recoveryCodes });
  }

  private async confirm(userId: string, sessionId: string, code: string, context: CommandContext) {
    const { state: user } = await this.users.load(userId);
    const shown = await this.factors.shown(userId, user.totp, code);
    if (!('step' in shown)) throw codeWrong();
    const recoveryHashes = this.factors
      .recoveryCodesOf(userId, context.commandId)
      .map((recovery) => this.factors.recoveryHashOf(userId, recovery));
    const at = this.clock.now();
    const use = { sessionId, useId: context.commandId, until: plusMs(at, stepUpLifeMs), at };
    return this.users.execute(userId, { type: 'ConfirmTotp', step: shown.step, recoveryHashes, ...use }, context);
  }
}
