import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, MeView, noFields, parse } from '@hark/contracts';
import { Answer, requestContextOf } from '@hark/nats';
import { personOf } from '@hark/service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

/** The caller themselves, from their stream: never behind what they just changed. */
@Controller()
export class GetMeHandler {
  constructor(private readonly users: UserStore) {}

  @MessagePattern(authSubjects.getMe)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<MeView>> {
    const personId = personOf(requestContextOf(context));
    parse(noFields, body);
    const { state: person } = await this.users.load(personId);
    return { body: meView(personId, person) };
  }
}
