import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, AppBindingView, authSubjects, refuseBindingRequest, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppSecrets } from '../app-secrets.service';
import { BindingStore } from '../binding.store';
import { appBindingView, knownBinding } from '../domain/views';

/** The app says that it does not mean a person by an openid: the binding ends, and the openid is free. */
@Controller()
@Requires('app')
export class RefuseBindingHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly bindings: BindingStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.refuseBinding)
  async handle(
    @Input(refuseBindingRequest, { bindingId: 'binding.unknown', appId: 'app.unknown' })
    { appId, bindingId, credential }: z.infer<typeof refuseBindingRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<AppBindingView>> {
    await this.secrets.proveFor(appId, credential);
    const executed = await this.bindings.execute(
      bindingId,
      { type: 'Refuse', appId, at: this.clock.now() },
      commandContext(request, `app:${appId}`),
    );
    const binding = knownBinding(executed.state);
    const openid = await this.vault.open(binding.openid, aadOf.openid(bindingId));
    return replyTo(executed, appBindingView(bindingId, binding, openid ?? ''));
  }
}
