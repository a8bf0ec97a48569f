import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, bindingIdRequest, BindingView, Reply } from '@hark/contracts';
import { CredentialUses, Input, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';

/** One binding, read from its stream: never behind. */
@Controller()
@Requires('user')
export class GetBindingHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly replies: BindingReplies,
    private readonly uses: CredentialUses,
  ) {}

  @MessagePattern(authSubjects.getBinding)
  async handle(
    @Input(bindingIdRequest, { bindingId: 'binding.unknown' }) { bindingId }: z.infer<typeof bindingIdRequest>,
    @UserId() personId: string,
  ): Promise<Reply<BindingView>> {
    const { state } = await this.bindings.load(bindingId);
    const view = await this.replies.view(bindingId, personId, state);
    const hash = state.is === 'active' ? state.keyHash : '';
    const keyLastUsedOn = (await this.uses.lastDays(hash ? [hash] : [])).get(hash);
    return { body: { ...view, ...(keyLastUsedOn !== undefined && { keyLastUsedOn }) } };
  }
}
