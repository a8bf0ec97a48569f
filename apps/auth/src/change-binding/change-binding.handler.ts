import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { authSubjects, BindingView, changeBindingRequest } from '@hark/contracts';
import { Clock, HarkError } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId, requireUser } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { BindingChange } from '../domain/binding.decider';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

/** Level, mute and channels in one decision: all of them are in force, or none. */
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
    const change: BindingChange = {
      ...(level && { level }),
      ...muteOf(muted, mutedUntil),
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

/** An end alone mutes until then; `muted: true` alone mutes until lifted. */
function muteOf(muted: boolean | undefined, until: string | undefined): Pick<BindingChange, 'muted'> {
  if (muted === undefined && until === undefined) return {};
  if (muted !== false) return { muted: { until: until ?? null } };
  if (until === undefined) return { muted: null };
  throw new HarkError('invalid', 'request.invalid', 'what is not muted has no end', {
    errors: [{ path: 'mutedUntil', message: 'must be absent when muted is false' }],
  });
}
