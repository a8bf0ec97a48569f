import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, noFields, Reply, TotpView } from '@hark/contracts';
import { HarkContext } from '@hark/nats';
import { Input, Requires, UserId } from '@hark/service';
import { TotpViews } from '../totp-views.service';
import { UserStore } from '../user.store';

/** The caller's second factor, and whether this session has shown it. */
@Controller()
@Requires('user')
export class GetTotpHandler {
  constructor(
    private readonly users: UserStore,
    private readonly views: TotpViews,
  ) {}

  @MessagePattern(authSubjects.getTotp)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @UserId() userId: string,
    @Ctx() { request: { caller } }: HarkContext,
  ): Promise<Reply<TotpView>> {
    const { state: user } = await this.users.load(userId);
    return { body: this.views.view(user.totp, caller.sessionId) };
  }
}
