import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, unbindRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, parseNamed, personOf } from '@hark/service';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';
import { bindingOf } from '../domain/views';
import { UserStore } from '../user.store';

/** Ends the consent and refuses the app from now on. */
@Controller()
export class BlockAppHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly users: UserStore,
    private readonly answers: BindingAnswers,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.block)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindingView>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const { bindingId } = parseNamed(unbindRequest, body, 'bindingId', 'binding.unknown');
    const { appId } = bindingOf(personId, (await this.bindings.load(bindingId)).state);
    const at = this.clock.now();
    // The person's block first: it refuses the app under every openid, also when the second step must be repeated.
    await this.users.execute(personId, { type: 'BlockApp', appId, at }, commandOf(request));
    const executed = await this.bindings.execute(bindingId, { type: 'Block', personId, at }, commandOf(request));
    return this.answers.answer(bindingId, personId, executed);
  }
}
