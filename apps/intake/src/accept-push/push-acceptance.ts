import { createHmac, createSecretKey, KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { aadOf, authSubjects, presentKeyRequest, pushBody, PushContent, pushTextBytesMax } from '@hark/contracts';
import { ExecuteContext, Executed, Present } from '@hark/eventstore';
import { gate, standingOwnerOf } from '@hark/gate';
import { Clock, HarkError, IsoTime, plusMs } from '@hark/kernel';
import { RequestContext, RpcClient } from '@hark/nats';
import { KeyedQueue } from '@hark/resilience';
import { commandContext, Keys } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { Message, MessageCommand } from '../domain/message.decider';
import { threadHashOf } from '../domain/thread-hash';
import { MessageStore } from '../message.store';
import { ownBinding, Sender, Senders } from '../senders.service';
import { PushRates } from './push-rates';
import { bindingEnded, notBegun, refusalError } from './refusal';

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

/** How far ahead a push may be scheduled, in milliseconds. */
const aheadMaxMs = 366 * 24 * 3_600_000;
/** A sender's clock may be slow, and a request takes its time: `sendAt` so little ago means now. */
const lateMaxMs = 60_000;

/** The most keys that auth is shown at once, so that the first batch of an app with many does not overload it. */
const showingMax = 64;
const showingWaitMax = 16_384;

/** Every rule by which a push is accepted, alone or in a batch. */
@Injectable()
export class PushAcceptance {
  private readonly hashKey: KeyObject;
  private readonly shows = new KeyedQueue({ activeMax: showingMax, waitingMax: showingWaitMax, refusal: notBegun });

  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly messages: MessageStore,
    private readonly vault: Vault,
    keys: Keys,
    private readonly clock: Clock,
    private readonly requests: RpcClient,
    private readonly rates: PushRates,
  ) {
    this.hashKey = createSecretKey(keys.contentHash);
  }

  /** Proves the sender, asks the gate, seals the text and appends; throws the refusal. Once it resolves, the push is durable. */
  async accept(
    { pushId, push, credential, prove, present, isNew }: AskedPush,
    request: RequestContext,
  ): Promise<Executed<Message>> {
    const { key, openid, priority = 'normal', sendAt, expiresAt, ...content } = push;
    const text = JSON.stringify(content satisfies PushContent);
    if (Buffer.byteLength(text) > pushTextBytesMax) {
      throw new HarkError('invalid', 'request.too-large', 'the texts are too long together', {
        extra: { max: pushTextBytesMax },
      });
    }
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
    const consent = await this.consentTo(sender, await this.senders.bindingIdFor(sender, openid, present), present);
    const at = this.clock.now();
    const times = timesOf({ sendAt, expiresAt }, at);
    this.rates.take(consent.ownerId, consent.personId);
    if (key !== undefined && sender.by === 'app') await this.show({ credential, key, openid }, sender, request);
    return this.messages.execute(
      pushId,
      {
        type: 'Push',
        ...consent,
        content: await this.sealed(consent.personId, text, pushId),
        contentHash: createHmac('sha256', this.hashKey).update(text).digest('hex'),
        priority,
        ...(content.thread !== undefined && {
          threadHash: threadHashOf(consent.appId, content.thread, this.hashKey),
        }),
        sentBy: sender.by,
        ...(sender.by === 'key' && { appKnowsKey: sender.binding?.state.keyPresented ?? false }),
        ...times,
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
    const { app } = sender;
    const decision = gate({ app, binding, standing: standing.state, user: user.state, verdict: 'missing', now });
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

/** When a push is to be sent, and until when; `request.invalid` for times that cannot be kept. One that is just over is now. */
function timesOf(
  { sendAt, expiresAt }: Pick<AskedPush['push'], 'sendAt' | 'expiresAt'>,
  now: IsoTime,
): Pick<PushCommand, 'sendAt' | 'expiresAt'> {
  if (sendAt !== undefined && sendAt < plusMs(now, -lateMaxMs)) throw badTime('sendAt', 'must not be in the past');
  if (sendAt !== undefined && sendAt > plusMs(now, aheadMaxMs))
    throw badTime('sendAt', 'must be at most 366 days ahead');
  const isAhead = sendAt !== undefined && sendAt > now;
  if (expiresAt !== undefined && expiresAt <= (isAhead ? sendAt : now)) {
    throw badTime('expiresAt', isAhead ? 'must be after sendAt' : 'must not be in the past');
  }
  return { ...(isAhead && { sendAt }), ...(expiresAt !== undefined && { expiresAt }) };
}

const badTime = (path: string, message: string): HarkError =>
  new HarkError('invalid', 'request.invalid', 'the time of the push cannot be kept', { errors: [{ path, message }] });

type PushCommand = Extract<MessageCommand, { type: 'Push' }>;
type Consent = Pick<PushCommand, 'appId' | 'ownerId' | 'personId' | 'bindingId' | 'consentId' | 'bindingRevision'>;
