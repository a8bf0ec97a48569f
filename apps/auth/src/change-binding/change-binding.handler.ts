import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, changeBindingRequest } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { BindingChange } from '../domain/binding.decider';
import { muteAsked } from '../domain/mute-binding.rules';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

/** Changes level, mute and channels in one decision, all or none. */
@Controller()
export class ChangeBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeBinding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<BindingView>> {
    const request = requestContextOf(context);
    const personId = requireUser(request);
    const { bindingId, level, muted, mutedUntil, channels } = parseWithId(
      changeBindingRequest,
      body,
      'bindingId',
      'binding.unknown',
    );
    if (channels) await this.assertOwn(personId, channels);
    const mute = muteAsked(muted, mutedUntil);
    const change: BindingChange = {
      ...(level && { level }),
      ...(mute !== undefined && { muted: mute }),
      ...(channels !== undefined && { channels }),
    };
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Change', personId, change, at: this.clock.now() },
      commandContext(request),
    );
    return this.replies.answer(bindingId, personId, executed);
  }

  private async assertOwn(personId: string, channels: readonly string[]): Promise<void> {
    const { state: user } = await this.users.load(personId);
    if (!channels.every((endpointId) => endpointOf(user, endpointId))) throw unknownEndpoint();
  }
}
