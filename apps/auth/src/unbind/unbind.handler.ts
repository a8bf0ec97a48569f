import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, noFields, Reply, unbindRequest } from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Link, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';

/**
 * A person ends a consent, logged in or by a link of a mail that came under it. Takes the log alone: nothing that has to be
 * decrypted can keep anybody from it, nor make it look undone.
 */
@Controller()
@Requires('user')
export class UnbindHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unbind)
  async handle(
    @Input(unbindRequest, { bindingId: 'binding.unknown' }) { bindingId }: z.infer<typeof unbindRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    return this.unbind({ personId, bindingId }, context);
  }

  @Requires('mail-link:unbind')
  @MessagePattern(authSubjects.unbindByLink)
  async byLink(
    @Input(noFields) _: object,
    @Link() { personId, bindingId, consentId }: MailLinkRight,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    return this.unbind({ personId, bindingId, consentId }, context);
  }

  private async unbind(
    { bindingId, ...whose }: { readonly personId: string; readonly bindingId: string; readonly consentId?: string },
    context: CommandContext,
  ): Promise<Reply<Record<string, never>>> {
    const unbind = { type: 'Unbind', ...whose, at: this.clock.now() } as const;
    return replyTo(await this.bindings.execute(bindingId, unbind, context), {});
  }
}
