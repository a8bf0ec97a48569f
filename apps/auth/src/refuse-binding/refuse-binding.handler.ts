import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { aadOf, AppBindingView, authSubjects, refuseBindingRequest } from '@hark/contracts';
import { Clock, parseId } from '@hark/kernel';
import { Reply, requestContextOf } from '@hark/nats';
import { commandContext, parseWithId } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppSecrets } from '../app-secrets.service';
import { BindingStore } from '../binding.store';
import { appBindingView, knownBinding } from '../domain/views';

/** The app says that it does not mean a person by an openid: the binding ends, and the openid is free. */
@Controller()
export class RefuseBindingHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly bindings: BindingStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.refuseBinding)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Reply<AppBindingView>> {
    parseId((body as { bindingId?: unknown } | null)?.bindingId, 'binding.unknown');
    const { appId, bindingId, credential } = parseWithId(refuseBindingRequest, body, 'appId', 'app.unknown');
    await this.secrets.proveFor(appId, credential);
    const { state, position } = await this.bindings.execute(
      bindingId,
      { type: 'Refuse', appId, at: this.clock.now() },
      commandContext(requestContextOf(context), `app:${appId}`),
    );
    const binding = knownBinding(state);
    const openid = await this.vault.open(binding.openid, aadOf.openid(bindingId));
    return { body: appBindingView(bindingId, binding, openid ?? ''), ...(position && { position }) };
  }
}
