import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, changeMeRequest, MeView, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, optional } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { DisplayNames } from '../display-names.service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

/** Changes what a person chose for themselves: name, language, time zone, quiet hours and the like. What is not named stays. */
@Controller()
@Requires('user')
export class ChangeMeHandler {
  constructor(
    private readonly users: UserStore,
    private readonly names: DisplayNames,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeMe)
  async handle(
    @Input(changeMeRequest) { displayName, ...rest }: z.infer<typeof changeMeRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<MeView>> {
    const name = displayName === undefined ? undefined : await this.names.sealed(personId, displayName);
    const chosen = {
      type: 'ChangeMe',
      ...optional('displayName', name),
      ...optional('locale', rest.locale),
      ...optional('timeZone', rest.timeZone),
      ...optional('quietHours', rest.quietHours),
      ...optional('digest', rest.digest),
      ...optional('retentionDays', rest.retentionDays),
      at: this.clock.now(),
    } as const;
    const executed = await this.users.execute(personId, chosen, context);
    const { state: user } = executed;
    return replyTo(executed, meView(personId, user, await this.names.of(personId, user)));
  }
}
