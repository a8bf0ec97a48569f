import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, bindingIdRequest, BindingView } from '@hark/contracts';
import { Reply, requestContextOf } from '@hark/nats';
import { parseWithId, requireUser } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';

/** One binding, read from its stream: never behind. */
@Controller()
export class GetBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly replies: BindingReplies,
  ) {}

  @MessagePattern(authSubjects.getBinding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<BindingView>> {
    const personId = requireUser(requestContextOf(context));
    const { bindingId } = parseWithId(bindingIdRequest, body, 'bindingId', 'binding.unknown');
    const { state } = await this.bindings.load(bindingId);
    return this.replies.answer(bindingId, personId, { state });
  }
}
