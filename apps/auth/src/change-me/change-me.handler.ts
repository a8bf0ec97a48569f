import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, changeMeRequest, MeView, parse } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, requireUser } from '@hark/service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

@Controller()
export class ChangeMeHandler {
  constructor(
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeMe)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<MeView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { locale } = parse(changeMeRequest, body);
    const chosen = { type: 'SetLocale', locale, at: this.clock.now() } as const;
    const { state, position } = await this.users.execute(personId, chosen, commandContext(request));
    return { body: meView(personId, state), ...(position && { position }) };
  }
}
