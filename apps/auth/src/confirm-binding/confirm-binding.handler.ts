import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { AppBindingView, authSubjects, confirmBindingRequest, Reply } from '@hark/contracts';
import { credentialMatches, parseCredential } from '@hark/credentials';
import { stepContext } from '@hark/eventstore';
import { isUnproven } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, replyTo, Requires } from '@hark/service';
import { AppSecrets } from '../app-secrets.service';
import { BindingStore } from '../binding.store';
import { Confirmations } from '../confirmations.service';
import { appBindingView, knownBinding } from '../domain/views';

/** The app confirms that it means a person by an openid. */
@Controller()
@Requires('app')
export class ConfirmBindingHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly confirmations: Confirmations,
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.confirmBinding)
  async handle(
    @Input(confirmBindingRequest, { bindingId: 'binding.unknown', appId: 'app.unknown' })
    { appId, bindingId, openid, key, credential }: z.infer<typeof confirmBindingRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<AppBindingView>> {
    const { app } = await this.secrets.proveFor(appId, credential);
    const command = commandContext(request, `app:${appId}`);
    const binding = await this.confirmations.binding(appId, bindingId);
    const token = key === undefined ? undefined : parseCredential(key);
    if (key !== undefined && (token?.id !== bindingId || !credentialMatches(token.hash, binding.keyHash))) {
      throw new HarkError('refused', 'key.invalid', 'the key is not the present one of this binding');
    }
    // An owner who registered the mini program without proof never received its users' keys.
    if (token === undefined && isUnproven(app)) {
      throw new HarkError('refused', 'app.wechat-app-id-unproven', 'nobody proved that the app is this mini program');
    }
    const confirmed = await this.confirmations.confirm(appId, bindingId, openid, command);
    if (token) {
      const present = { type: 'PresentKey', appId, keyHash: token.hash, at: this.clock.now() } as const;
      await this.bindings.execute(bindingId, present, stepContext(command, 'present-key'));
    }
    return replyTo(confirmed, appBindingView(bindingId, knownBinding(confirmed.state), openid));
  }
}
