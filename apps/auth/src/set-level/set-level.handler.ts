import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, setLevelRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Answer, requestContextOf } from '@hark/nats';
import { commandOf, parseNamed, personOf } from '@hark/service';
import { BindingAnswers } from '../binding-answers.store';
import { BindingStore } from '../binding.store';

@Controller()
export class SetLevelHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly answers: BindingAnswers,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.setLevel)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<BindingView>> {
    const request = requestContextOf(context);
    const personId = personOf(request);
    const { bindingId, level } = parseNamed(setLevelRequest, body, 'bindingId', 'binding.unknown');
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Change', personId, change: { level }, at: this.clock.now() },
      commandOf(request),
    );
    return this.answers.answer(bindingId, personId, executed);
  }
}
