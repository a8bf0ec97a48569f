import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, BindingView, Reply, unbindRequest } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { OpenidStore } from '../openid.store';

@Controller()
@Requires('user')
export class UnbindHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly openids: OpenidStore,
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
    const view = await this.replies.view(bindingId, personId, executed.state);
    const { state, events } = executed;
    // Whom the app never meant cannot keep it from asking whom it means.
    if (events.length > 0 && state.is === 'unbound' && state.confirmed) {
      const openidId = openidIdOf(view.app.id, view.openid);
      await this.openids.execute(openidId, { type: 'Decline', at: this.clock.now() }, stepContext(context, 'note-no'));
    }
    return replyTo(executed, view);
  }
}
