import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, unbindRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { bindingOf } from '../domain/views';
import { UserStore } from '../user.store';

/** Ends the consent and refuses the app from now on. */
@Controller()
export class BlockAppHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.block)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<BindingView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { bindingId } = parseWithId(unbindRequest, body, 'bindingId', 'binding.unknown');
    const { appId } = bindingOf(personId, (await this.bindings.load(bindingId)).state);
    const at = this.clock.now();
    // The person's block first: it refuses the app under every openid, even if the second step must be repeated.
    await this.users.execute(personId, { type: 'BlockApp', appId, at }, commandContext(request));
    const executed = await this.bindings.execute(bindingId, { type: 'Block', personId, at }, commandContext(request));
    return this.replies.answer(bindingId, personId, executed);
  }
}
