import { createHash } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, exchangeCodeRequest, ExchangedReply, Reply } from '@hark/contracts';
import { hashCredential, issueCredential, parseCredential } from '@hark/credentials';
import { stepContext } from '@hark/eventstore';
import { openidIdOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, Keys, LimitGuesses, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppSecrets } from '../app-secrets.service';
import { BindingStore } from '../binding.store';
import { BindingRequestStore } from '../binding-request.store';
import { Confirmations } from '../confirmations.service';
import { BindingRequest, codeInvalid } from '../domain/binding-request.decider';

/** The app's server trades the code that its user brought back for the binding's key. */
@Controller()
@Requires('app')
@LimitGuesses({
  kind: 'exchange',
  wrong: ['key.invalid', 'binding-request.code-invalid'],
  unguessable: true,
  free: 100,
})
export class ExchangeCodeHandler {
  constructor(
    private readonly secrets: AppSecrets,
    private readonly store: BindingRequestStore,
    private readonly bindings: BindingStore,
    private readonly confirmations: Confirmations,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.exchangeCode)
  async handle(
    @Input(exchangeCodeRequest) { code, codeVerifier, credential }: z.infer<typeof exchangeCodeRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ExchangedReply>> {
    const { appId } = await this.secrets.prove(credential);
    const context = commandContext(request, `app:${appId}`);
    const token = parseCredential(code);
    if (token?.kind !== 'code') throw codeInvalid();
    const executed = await this.store.execute(
      token.id,
      {
        type: 'Exchange',
        appId,
        codeHash: token.hash,
        exchangeId: context.commandId,
        ...(codeVerifier !== undefined && { challenge: challengeOf(codeVerifier) }),
        at: this.clock.now(),
      },
      context,
    );
    const { bindingId, consentId } = executed.state as Extract<BindingRequest, { is: 'exchanged' }>;
    const { openid: sealed } = await this.confirmations.binding(appId, bindingId);
    const openid = await this.vault.open(sealed, aadOf.openid(bindingId));
    if (openid === undefined) throw new HarkError('refused', 'binding.ended', 'the person is no more');
    await this.confirmations.assertFree(openidIdOf(appId, openid), bindingId);
    const key = issueCredential('key', bindingId, token.id, this.keys.secrets);
    const handOver = {
      type: 'HandOverKey',
      appId,
      consentId,
      keyHash: hashCredential(key),
      at: this.clock.now(),
    } as const;
    await this.bindings.execute(bindingId, handOver, stepContext(context, 'hand-over-key'));
    const step = stepContext(context, 'confirm');
    const { position } = await this.confirmations.confirm(appId, bindingId, openid, step, { replacing: true });
    const { replayed } = executed;
    return replyTo(
      { ...(position !== undefined && { position }), ...(replayed && { replayed }) },
      { key, bind: true, errMsg: '', bindingId, openid },
    );
  }
}

/** S256 of RFC 7636 section 4.6. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier, 'ascii').digest('base64url');
