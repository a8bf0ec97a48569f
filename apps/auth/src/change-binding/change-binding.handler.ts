import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, BindingView, changeBindingRequest, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { BindingChange } from '../domain/binding.decider';
import { muteAsked } from '../domain/mute-binding.rules';
import { endpointOf, unknownEndpoint } from '../domain/user.decider';
import { UserStore } from '../user.store';

/** Changes level, mute, channels, cap, digest, critical and read receipts in one decision, all or none. */
@Controller()
@Requires('user')
export class ChangeBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly users: UserStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.changeBinding)
  async handle(
    @Input(changeBindingRequest, { bindingId: 'binding.unknown' })
    {
      bindingId,
      level,
      muted,
      mutedUntil,
      channels,
      dailyCap,
      digest,
      critical,
      readReceipts,
    }: z.infer<typeof changeBindingRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<BindingView>> {
    if (channels) await this.assertOwn(personId, channels);
    const mute = muteAsked(muted, mutedUntil);
    const change: BindingChange = {
      ...(level && { level }),
      ...(mute !== undefined && { muted: mute }),
      ...(channels !== undefined && { channels }),
      ...(dailyCap !== undefined && { dailyCap }),
      ...(digest !== undefined && { digest }),
      ...(critical !== undefined && { critical }),
      ...(readReceipts !== undefined && { readReceipts }),
    };
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Change', personId, change, at: this.clock.now() },
      context,
    );
    return replyTo(executed, await this.replies.view(bindingId, personId, executed.state));
  }

  private async assertOwn(personId: string, channels: readonly string[]): Promise<void> {
    const { state: user } = await this.users.load(personId);
    if (!channels.every((endpointId) => endpointOf(user, endpointId))) throw unknownEndpoint();
  }
}
