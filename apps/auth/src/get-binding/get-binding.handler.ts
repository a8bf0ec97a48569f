import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, bindingIdRequest, BindingView } from '@hark/contracts';
import { Answer, requestContextOf } from '@hark/nats';
import { parseNamed, personOf } from '@hark/service';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';

/** One binding, read from its stream: never behind. */
@Controller()
export class GetBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly answers: BindingAnswers,
  ) {}

  @MessagePattern(authSubjects.getBinding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindingView>> {
    const personId = personOf(requestContextOf(context));
    const { bindingId } = parseNamed(bindingIdRequest, body, 'bindingId', 'binding.unknown');
    const { state } = await this.bindings.load(bindingId);
    return this.answers.answer(bindingId, personId, { state });
  }
}
