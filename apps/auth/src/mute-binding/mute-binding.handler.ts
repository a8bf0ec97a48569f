import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, muteRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';

@Controller()
export class MuteBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.mute)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<BindingView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { bindingId, until = null } = parseWithId(muteRequest, body, 'bindingId', 'binding.unknown');
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Change', personId, change: { muted: { until } }, at: this.clock.now() },
      commandContext(request),
    );
    return this.replies.answer(bindingId, personId, executed);
  }
}
