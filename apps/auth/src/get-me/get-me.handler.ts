import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, MeView, noFields, Reply } from '@hark/contracts';
import { Input, Requires, UserId } from '@hark/service';
import { DisplayNames } from '../display-names.service';
import { meView } from '../domain/views';
import { UserStore } from '../user.store';

/** The caller themselves, from their stream: never behind what they just changed. */
@Controller()
@Requires('user')
export class GetMeHandler {
  constructor(
    private readonly users: UserStore,
    private readonly names: DisplayNames,
  ) {}

  @MessagePattern(authSubjects.getMe)
  async handle(@Input(noFields) _: z.infer<typeof noFields>, @UserId() personId: string): Promise<Reply<MeView>> {
    const { state: user } = await this.users.load(personId);
    return { body: meView(personId, user, await this.names.of(personId, user)) };
  }
}
