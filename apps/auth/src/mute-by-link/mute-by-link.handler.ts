import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { authSubjects, noFields, Reply } from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, Link, replyTo, Requires } from '@hark/service';
import { BindingStore } from '../binding.store';

/** Whoever has the mail of a push mutes what it came by, while the consent is still the one of the push. */
@Controller()
@Requires('mail-link:mute')
export class MuteByLinkHandler {
  constructor(
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.muteByLink)
  async handle(
    @Input(noFields) _: object,
    @Link() { personId, bindingId, consentId }: MailLinkRight,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<object>> {
    const change = { muted: { until: null } };
    const at = this.clock.now();
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Change', personId, consentId, change, at },
      context,
    );
    return replyTo(executed, {});
  }
}
