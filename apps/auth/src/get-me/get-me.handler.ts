import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, MeView, noFields, parse } from '@hark/contracts';
import { Reply, requestContextOf } from '@hark/nats';
import { requireUser } from '@hark/service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

/** The caller themselves, from their stream: never behind what they just changed. */
@Controller()
export class GetMeHandler {
  constructor(private readonly users: UserStore) {}

  @MessagePattern(authSubjects.getMe)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<MeView>> {
    const personId = requireUser(requestContextOf(context));
    parse(noFields, body);
    const { state: user } = await this.users.load(personId);
    return { body: meView(personId, user) };
  }
}
