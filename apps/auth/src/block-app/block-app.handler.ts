import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, Reply, unbindRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { bindingOf } from '../domain/views';
import { UserStore } from '../user.store';

/** Ends the consent and refuses the app from now on. Takes the log alone, as unbinding does. */
@Controller()
@Requires('user')
export class BlockAppHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.block)
  async handle(
    @Input(unbindRequest, { bindingId: 'binding.unknown' }) { bindingId }: z.infer<typeof unbindRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    const { appId } = bindingOf(personId, (await this.bindings.load(bindingId)).state);
    const at = this.clock.now();
    // The person's block first: it refuses the app under every openid, even if the second step must be repeated.
    await this.users.execute(personId, { type: 'BlockApp', appId, at }, context);
    const executed = await this.bindings.execute(bindingId, { type: 'Block', personId, at }, context);
    return replyTo(executed, {});
  }
}
