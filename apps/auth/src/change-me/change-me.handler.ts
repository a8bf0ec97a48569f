import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, changeMeRequest, MeView, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

@Controller()
@Requires('user')
export class ChangeMeHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeMe)
  async handle(
    @Input(changeMeRequest) { locale }: z.infer<typeof changeMeRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<MeView>> {
    const chosen = { type: 'SetLocale', locale, at: this.clock.now() } as const;
    const executed = await this.users.execute(personId, chosen, context);
    return replyTo(executed, meView(personId, executed.state));
  }
}
