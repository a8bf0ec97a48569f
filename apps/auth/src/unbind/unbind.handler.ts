import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, BindingView, noFields, Reply, unbindRequest } from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Link, replyTo, Requires, UserId } from '@hark/service';
import { BindingStore } from '../binding.store';
import { BindingReplies } from '../binding-replies.service';
import { OpenidStore } from '../openid.store';

/** A person ends a consent, logged in or by a link of a mail that came under it. */
@Controller()
@Requires('user')
export class UnbindHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly openids: OpenidStore,
    private readonly replies: BindingReplies,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.unbind)
  async handle(
    @Input(unbindRequest, { bindingId: 'binding.unknown' }) { bindingId }: z.infer<typeof unbindRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<BindingView>> {
    return this.unbind({ personId, bindingId }, context);
  }

  @Requires('mail-link:unbind')
  @MessagePattern(authSubjects.unbindByLink)
  async byLink(
    @Input(noFields) _: object,
    @Link() { personId, bindingId, consentId }: MailLinkRight,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<object>> {
    return { ...(await this.unbind({ personId, bindingId, consentId }, context)), body: {} };
  }

  private async unbind(
    { bindingId, ...whose }: { readonly personId: string; readonly bindingId: string; readonly consentId?: string },
    context: CommandContext,
  ): Promise<Reply<BindingView>> {
    const { personId } = whose;
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Unbind', ...whose, at: this.clock.now() },
      context,
    );
    const view = await this.replies.view(bindingId, personId, executed.state);
    const { state, events } = executed;
    // Whom the app never meant cannot keep it from asking whom it means.
    if (events.length > 0 && state.is === 'unbound' && state.confirmed) {
      const openidId = openidIdOf(view.app.id, view.openid);
      await this.openids.execute(openidId, { type: 'Decline', at: this.clock.now() }, stepContext(context, 'note-no'));
    }
    return replyTo(executed, view);
  }
}
