import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, unbindRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, parseNamed, personOf } from '@hark/service';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';

@Controller()
export class UnbindHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly answers: BindingAnswers,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unbind)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindingView>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const { bindingId } = parseNamed(unbindRequest, body, 'bindingId', 'binding.unknown');
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Unbind', personId, at: this.clock.now() },
      commandOf(request),
    );
    return this.answers.answer(bindingId, personId, executed);
  }
}
