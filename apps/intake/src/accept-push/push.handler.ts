import { createHmac } from 'node:crypto';
import { Answer, aadOf, intakeSubjects, parse, PushContent, PushReply, pushRequest, pushTextBytesMax } from '@hark/contracts';
import { Vault } from '@hark/eventstore';
import { gate, standingOwnerOf } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { requestContextOf } from '@hark/nats';
import { commandOf, Keys } from '@hark/service';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { ConsentStore } from '../consent.store';
import { MessageStore } from '../message.store';
import { bindingIdFor, ownBinding, Senders } from '../sender.store';
import { refusalError } from './refusal';

/** Accepts a push: proves the sender, asks the gate, seals the text and appends. What is answered here is durable. */
@Controller()
export class PushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly messages: MessageStore,
    private readonly vault: Vault,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(intakeSubjects.push)
  async handle(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<Answer<PushReply>> {
    const request = requestContextOf(context);
    const { credential, openid, priority, ...content } = parse(pushRequest, body);
    if (Buffer.byteLength(JSON.stringify(content)) > pushTextBytesMax) {
      throw new HarkError('invalid', 'request.too-large', 'the texts are too long together', { extra: { max: pushTextBytesMax } });
    }
    const pushId = request.commandId;
    const sender = await this.senders.prove(credential);
    const bindingId = bindingIdFor(sender, openid);
    const { state, revision } = await this.consent.bindings.get(bindingId);
    const binding = ownBinding(sender, state);
    // A repeat gets its own earlier answer even if the person has withdrawn consent since.
    const isRepeat = request.requestHash !== undefined && (await this.messages.load(pushId)).revision >= 0;
    const ownerId = standingOwnerOf(sender.appId, sender.app);
    const at = this.clock.now();
    if (!isRepeat) {
      const [standing, person] = await Promise.all([this.consent.standings.get(ownerId), this.consent.people.get(binding.personId)]);
      const decision = gate({ binding, standing: standing.state, person: person.state, verdict: 'missing', now: at });
      if (decision.is === 'refuse') throw refusalError(decision);
    }
    const text = JSON.stringify(content satisfies PushContent);
    const executed = await this.messages.execute(
      pushId,
      {
        type: 'Push',
        appId: sender.appId,
        ownerId,
        personId: binding.personId,
        bindingId,
        consentId: binding.consentId,
        bindingRevision: revision,
        content: await this.vault.seal(binding.personId, text, aadOf.content(pushId)),
        contentHash: createHmac('sha256', this.keys.contentHash).update(text).digest('hex'),
        priority: priority ?? 'normal',
        at,
      },
      { ...commandOf(request, `app:${sender.appId}`), creates: true },
    );
    return {
      body: { id: pushId, status: 'accepted' },
      ...(executed.position && { position: executed.position }),
      ...(executed.replayed && { replayed: true }),
    };
  }
}
