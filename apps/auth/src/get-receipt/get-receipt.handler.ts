import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CompactSign } from 'jose';
import { z } from 'zod';
import { aadOf, authSubjects, BindingEvent, getReceiptRequest, ReceiptView, Reply } from '@hark/contracts';
import { EventStore, RecordedEvent } from '@hark/eventstore';
import { publicNameOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppStore } from '../app.store';
import { BindingStore } from '../binding.store';
import { agreementIn } from '../domain/agreement';
import { bindingOf } from '../domain/views';
import { ReceiptSigning } from '../receipt-signing.service';

/** The type in a receipt's header, so that nothing else signed by these keys is taken for one (RFC 8725 section 3.11). */
const receiptType = 'consent-receipt+jws';

/**
 * The signed receipt of a person's latest consent, also after it was withdrawn. Says who, which app, what wording, in
 * which scope and when, and where in the log that stands; no openid, no address.
 */
@Controller()
@Requires('user')
export class GetReceiptHandler {
  constructor(
    private readonly store: EventStore,
    private readonly bindings: BindingStore,
    private readonly apps: AppStore,
    private readonly signing: ReceiptSigning,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.getReceipt)
  async handle(
    @Input(getReceiptRequest, { bindingId: 'binding.unknown' })
    { bindingId, publicUrl }: z.infer<typeof getReceiptRequest>,
    @UserId() personId: string,
  ): Promise<Reply<ReceiptView>> {
    const binding = bindingOf(personId, (await this.bindings.load(bindingId)).state);
    const [events, { state: app }, { privateKey, jwk }] = await Promise.all([
      this.store.read('binding', bindingId) as Promise<RecordedEvent<BindingEvent>[]>,
      this.apps.load(binding.appId),
      this.signing.present(),
    ]);
    const { agreed, wording, requestId, level, channels, withdrawn } = agreementIn(events);
    const text = wording && (await this.vault.open(wording.text, aadOf.terms(bindingId)));
    const named = binding.appName && (await this.vault.openOrClear(binding.appName, aadOf.appName(bindingId)));
    const receipt = {
      iss: publicUrl,
      iat: Math.floor(Date.parse(this.clock.now()) / 1000),
      person: personId,
      app: {
        id: binding.appId,
        ...(app.is !== 'absent' && { name: named ?? publicNameOf(app), verified: app.verified }),
      },
      bindingId,
      consentId: binding.consentId,
      ...(requestId !== undefined && { requestId }),
      agreed,
      scope: { level, channels: channels ?? 'every verified one' },
      ...(wording && { wording: { ...wording, text: text ?? '' } }),
      ...(withdrawn && { withdrawn }),
    };
    const signed = await new CompactSign(Buffer.from(JSON.stringify(receipt)))
      .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, typ: receiptType })
      .sign(privateKey);
    return { body: { receipt: signed } };
  }
}
