import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, presentKeyRequest, Reply } from '@hark/contracts';
import { credentialMatches, parseCredential } from '@hark/credentials';
import { stepContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, Requires } from '@hark/service';
import { AppSecrets } from '../app-secrets.service';
import { BindingStore } from '../binding.store';
import { Confirmations } from '../confirmations.service';

/**
 * An app has sent a binding's key together with its secret, so it was given the key. If it named the openid as well,
 * that confirms the person, unless it has confirmed another binding for the openid.
 */
@Controller()
@Requires('app')
export class PresentKeyHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly confirmations: Confirmations,
    private readonly bindings: BindingStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.presentKey)
  async handle(
    @Input(presentKeyRequest) { credential, key, openid }: z.infer<typeof presentKeyRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<object>> {
    const { appId } = await this.secrets.prove(credential);
    const token = parseCredential(key);
    if (token?.kind !== 'key') throw keyInvalid();
    const binding = await this.confirmations.binding(appId, token.id);
    if (!credentialMatches(token.hash, binding.keyHash)) throw keyInvalid();
    const command = commandContext(request, `app:${appId}`);
    const present = { type: 'PresentKey', appId, keyHash: token.hash, at: this.clock.now() } as const;
    await this.bindings.execute(token.id, present, stepContext(command, 'present-key'));
    // Only together with the openid: an app that mixes up keys must not confirm the wrong person by them.
    if (openid !== undefined && !binding.confirmed) {
      const confirm = stepContext(command, 'confirm-by-key');
      await this.confirmations.confirm(appId, token.id, openid, confirm).catch(unlessTaken);
    }
    return { body: {} };
  }
}

// Not an error: the push goes to the key's binding either way.
function unlessTaken(error: unknown): void {
  if (!(error instanceof HarkError && error.code === 'binding.openid-taken')) throw error;
}

const keyInvalid = () => new HarkError('refused', 'key.invalid', 'the key is not the present one of a binding');
