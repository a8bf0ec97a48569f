import { createHmac } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  authSubjects,
  intakeSubjects,
  presentKeyRequest,
  PushContent,
  PushReply,
  pushRequest,
  pushTextBytesMax,
  Reply,
} from '@hark/contracts';
import { ExecuteContext, Present } from '@hark/eventstore';
import { gate, standingOwnerOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext, RequestContext, RpcClient } from '@hark/nats';
import { commandContext, Input, Keys, replyTo, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { MessageCommand } from '../domain/message.decider';
import { MessageStore } from '../message.store';
import { ownBinding, Sender, Senders } from '../senders.service';
import { PushRates } from './push-rates';
import { bindingEnded, refusalError } from './refusal';

/**
 * Accepts a push: proves the sender, asks the gate, seals the text and appends. Once it answers, the push is durable.
 */
@Controller()
@Requires('credential')
export class PushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly messages: MessageStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly requests: RpcClient,
    private readonly rates: PushRates,
  ) {}

  @MessagePattern(intakeSubjects.push)
  async handle(
    @Input(pushRequest) { credential, key, openid, priority = 'normal', ...content }: z.infer<typeof pushRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushReply>> {
    const text = JSON.stringify(content satisfies PushContent);
    if (Buffer.byteLength(text) > pushTextBytesMax) {
      throw new HarkError('invalid', 'request.too-large', 'the texts are too long together', {
        extra: { max: pushTextBytesMax },
      });
    }
    const pushId = request.commandId;
    const present = this.consent.present();
    const sender = await this.senders.prove(credential, key, present);
    // Without an Idempotency-Key the id is random and cannot exist yet: the stream is not read.
    const command: ExecuteContext = {
      ...commandContext(request, `app:${sender.appId}`),
      creates: true,
      assumeEmpty: request.requestHash === undefined,
    };
    // Before every rule: a repeat gets its first answer even when consent was withdrawn since, and another body under
    // the same key is refused as a mismatch even when the rules would refuse it.
    const earlier = await this.messages.repeatOf(pushId, command);
    if (earlier) return replyTo(earlier, { id: pushId, status: 'accepted' });
    const consent = await this.consentTo(sender, await this.senders.bindingIdFor(sender, openid, present), present);
    this.rates.take(consent.ownerId, consent.personId);
    if (key !== undefined && sender.by === 'app') await this.present({ credential, key, openid }, sender, request);
    const executed = await this.messages.execute(
      pushId,
      {
        type: 'Push',
        ...consent,
        content: await this.sealed(consent.personId, text, pushId),
        contentHash: createHmac('sha256', this.keys.contentHash).update(text).digest('hex'),
        priority,
        sentBy: sender.by,
        ...(sender.by === 'key' && { appKnowsKey: sender.binding?.state.keyPresented ?? false }),
        at: this.clock.now(),
      },
      command,
    );
    return replyTo(executed, { id: pushId, status: 'accepted' });
  }

  /** Has it recorded, once per key, that the app itself sent the key, and whom it means by the openid. */
  private async present(
    shown: z.input<typeof presentKeyRequest>,
    { binding }: Sender,
    { requestId, deadlineMs, traceparent }: RequestContext,
  ): Promise<void> {
    const known = binding?.state.keyPresented && (binding.state.confirmed || shown.openid === undefined);
    if (known) return;
    await this.requests.request(authSubjects.presentKey, shown, {
      requestId,
      deadlineMs,
      ...(traceparent && { traceparent }),
    });
  }

  /** The recipient and the consent that applies, or the gate's refusal. Read from the streams now. */
  private async consentTo(sender: Sender, bindingId: string, present: Present): Promise<Consent> {
    const { state, revision } = sender.binding ?? (await this.consent.bindings.get(bindingId, present));
    const binding = ownBinding(sender, state);
    const ownerId = standingOwnerOf(sender.appId, sender.app);
    const { personId, consentId } = binding;
    const [standing, user] = await Promise.all([
      this.consent.standings.get(ownerId, present),
      this.consent.users.get(personId, present),
    ]);
    const now = this.clock.now();
    const decision = gate({ binding, standing: standing.state, user: user.state, verdict: 'missing', now });
    if (decision.is === 'refuse') throw refusalError(decision);
    return { appId: sender.appId, ownerId, personId, bindingId, consentId, bindingRevision: revision };
  }

  private async sealed(personId: string, text: string, pushId: string): Promise<string> {
    try {
      return await this.vault.seal(personId, text, aadOf.content(pushId));
    } catch (error) {
      // The person is erased and their bindings are about to end; the app need not learn why.
      if (error instanceof HarkError && error.code === 'person.erased') throw bindingEnded();
      throw error;
    }
  }
}

type Consent = Pick<MessageCommand, 'appId' | 'ownerId' | 'personId' | 'bindingId' | 'consentId' | 'bindingRevision'>;
