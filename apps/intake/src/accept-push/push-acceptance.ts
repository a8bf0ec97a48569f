import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { authSubjects, durationMs, presentKeyRequest, pushBody } from '@hark/contracts';
import { ExecuteContext, Executed, Present } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { RequestContext, RpcClient } from '@hark/nats';
import { KeyedQueue } from '@hark/resilience';
import { commandContext } from '@hark/service';
import { Message } from '../domain/message.decider';
import { timesOf } from '../domain/push-times';
import { notBegun } from '../domain/refusal';
import { Escalations } from '../escalations.service';
import { MessageStore } from '../message.store';
import { PushRates } from '../push-rates.service';
import { PushTexts } from '../push-texts.service';
import { Recipients } from '../recipients.service';
import { Sender, Senders } from '../senders.service';

/** A push that somebody asks for. */
export interface AskedPush {
  readonly pushId: string;
  readonly push: z.infer<typeof pushBody>;
  /** What the sender showed, and its proof; `key` is one that came with the push. */
  readonly credential: string;
  readonly prove: (key: string | undefined) => Promise<Sender>;
  /** The moment of the decision. */
  readonly present: Present;
  /** Nobody has asked for this push before, so its stream need not be read. */
  readonly isNew: boolean;
}

/** The most keys that auth is shown at once, so that the first batch of an app with many does not overload it. */
const showingMax = 64;
const showingWaitMax = 16_384;

/** Every rule by which a push is accepted, alone or in a batch. */
@Injectable()
export class PushAcceptance {
  private readonly shows = new KeyedQueue({ activeMax: showingMax, waitingMax: showingWaitMax, refusal: notBegun });

  constructor(
    private readonly senders: Senders,
    private readonly recipients: Recipients,
    private readonly messages: MessageStore,
    private readonly texts: PushTexts,
    private readonly clock: Clock,
    private readonly requests: RpcClient,
    private readonly rates: PushRates,
    private readonly escalations: Escalations,
  ) {}

  /** Proves the sender, asks the gate, seals the text and appends; throws the refusal. Once it resolves, the push is durable. */
  async accept(
    { pushId, push, credential, prove, present, isNew }: AskedPush,
    request: RequestContext,
  ): Promise<Executed<Message>> {
    const { key, openid, priority = 'normal', sendAt, expiresAt, repeat, escalate, ...content } = push;
    const text = this.texts.of(content);
    const sender = await prove(key);
    const command: ExecuteContext = {
      ...commandContext(request, `app:${sender.appId}`),
      commandId: pushId,
      creates: true,
      assumeEmpty: isNew,
    };
    // Before every rule: a repeat gets its first answer even when consent was withdrawn since, and another body under
    // the same key is refused as a mismatch even when the rules would refuse it.
    const earlier = await this.messages.repeatOf(pushId, command);
    if (earlier) return earlier;
    const bindingId = await this.senders.bindingIdFor(sender, openid, present);
    const consent = await this.recipients.consentTo({ sender, bindingId, present });
    const steps =
      escalate && (await this.escalations.of(escalate, { sender, bindingId, personId: consent.personId, present }));
    const at = this.clock.now();
    const times = timesOf({ sendAt, expiresAt }, at);
    this.rates.take(consent.ownerId, consent.personId);
    if (key !== undefined && sender.by === 'app') await this.show({ credential, key, openid }, sender, request);
    return this.messages.execute(
      pushId,
      {
        type: 'Push',
        ...consent,
        ...(await this.texts.sealed(text, { pushId, personId: consent.personId })),
        priority,
        ...this.texts.threadOf(content, consent.appId),
        sentBy: sender.by,
        ...(sender.by === 'key' && { appKnowsKey: sender.binding?.state.keyPresented ?? false }),
        ...times,
        ...(repeat && { repeat: { everyMs: durationMs(repeat.every)!, times: repeat.times } }),
        ...(steps && { escalate: steps }),
        at,
      },
      command,
    );
  }

  /** Has it recorded, once per key, that the app itself sent the key, and whom it means by the openid. */
  private async show(
    shown: z.input<typeof presentKeyRequest>,
    { binding }: Sender,
    { requestId, deadlineMs, traceparent }: RequestContext,
  ): Promise<void> {
    const known = binding?.state.keyPresented && (binding.state.confirmed || shown.openid === undefined);
    if (known) return;
    const meta = { requestId, deadlineMs, ...(traceparent && { traceparent }) };
    const show = () => this.requests.request(authSubjects.presentKey, shown, meta);
    await this.shows.run('', show, deadlineMs - Date.now());
  }
}
