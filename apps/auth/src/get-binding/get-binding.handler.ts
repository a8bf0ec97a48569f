import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, bindingIdRequest, BindingView, parse } from '@hark/contracts';
import { Answer, requestContextOf } from '@hark/nats';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';
import { personOf } from '../domain/caller';

/** One binding, read from its stream: never behind. */
@Controller()
export class GetBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly answers: BindingAnswers,
  ) {}

  @MessagePattern(authSubjects.getBinding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindingView>> {
    const personId = personOf(requestContextOf(context).caller);
    const { bindingId } = parse(bindingIdRequest, body);
    const { state } = await this.bindings.load(bindingId);
    return this.answers.answer(bindingId, personId, { state });
  }
}
