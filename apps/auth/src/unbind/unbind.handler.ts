import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, BindingView, Reply, unbindRequest } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';

@Controller()
@Requires('user')
export class UnbindHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unbind)
  async handle(
    @Input(unbindRequest, { bindingId: 'binding.unknown' }) { bindingId }: z.infer<typeof unbindRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<BindingView>> {
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Unbind', personId, at: this.clock.now() },
      context,
    );
    return replyTo(executed, await this.replies.view(bindingId, personId, executed.state));
  }
}
