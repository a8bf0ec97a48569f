import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  intakeSubjects,
  JudgedContent,
  moderationSubjects,
  PreviewedRecipient,
  Priority,
  PushContent,
  PushPreview,
  pushRequest,
  Reply,
} from '@hark/contracts';
import { gate, GateDecision, GateInput, heardAs, mayRing, ringsIdOf, standingOwnerOf } from '@hark/gate';
import { Clock, IsoTime } from '@hark/kernel';
import { HarkContext, RequestContext, RpcClient } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { timesOf } from '../domain/push-times';
import { PushRates } from '../push-rates.service';
import { PushTexts } from '../push-texts.service';
import { ownBinding, Senders } from '../senders.service';

/**
 * Tells what would become of a push, by the gate that would decide on it, at its `sendAt` where it has one. Stores, sends
 * and counts nothing but the rate. The text is judged by the local rules only: it goes to no provider, which may still
 * hold it.
 */
@Controller()
@Requires('credential')
export class PreviewPushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly texts: PushTexts,
    private readonly rates: PushRates,
    private readonly vault: Vault,
    private readonly requests: RpcClient,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(intakeSubjects.previewPush)
  async handle(
    @Input(pushRequest) { credential, ...push }: z.infer<typeof pushRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushPreview>> {
    const {
      key,
      openid,
      priority = 'normal',
      sendAt: asked,
      expiresAt: end,
      repeat: _,
      escalate: __,
      ...content
    } = push;
    this.texts.of(content);
    const present = this.consent.present();
    const sender = await this.senders.prove(credential, key, present);
    const bindingId = await this.senders.bindingIdFor(sender, openid, present);
    const { state } = await this.consent.bindings.get(bindingId, present);
    const binding = ownBinding(sender, state);
    const ownerId = standingOwnerOf(sender.appId, sender.app);
    const now = this.clock.now();
    const { sendAt = now, expiresAt } = timesOf({ sendAt: asked, expiresAt: end }, now);
    this.rates.take(ownerId, binding.personId);
    const [standing, user, moderation] = await Promise.all([
      this.consent.standings.get(ownerId, present),
      this.consent.users.get(binding.personId, present),
      this.judged(content, request),
    ]);
    const input: GateInput = {
      app: sender.app,
      binding,
      consentId: binding.consentId,
      standing: standing.state,
      user: user.state,
      push: { ...(expiresAt !== undefined && { expiresAt }), isRecalled: false },
      priority,
      isOverCap: await this.isOverCap(bindingId, binding.dailyCap, user.state.timeZone, sendAt),
      verdict: moderation.verdict,
      now,
    };
    // What would be refused when it is sent here is not accepted for later either.
    const first = gate(input);
    const decision = first.is === 'refuse' ? first : gate({ ...input, now: sendAt });
    const opened = await this.vault.open(binding.openid, aadOf.openid(bindingId));
    const recipient = told(decision, heardAs(priority, binding));
    return {
      body: { at: sendAt, moderation, recipients: opened === undefined ? [] : [{ openid: opened, ...recipient }] },
    };
  }

  private async judged(content: PushContent, { requestId, deadlineMs }: RequestContext): Promise<JudgedContent> {
    const meta = { requestId, deadlineMs };
    return (await this.requests.request<JudgedContent>(moderationSubjects.judgeContent, { content }, meta)).body;
  }

  private async isOverCap(
    bindingId: string,
    dailyCap: number | null,
    zone: string | null,
    at: IsoTime,
  ): Promise<boolean> {
    if (dailyCap === null) return false;
    const { state: rings } = await this.consent.rings.get(ringsIdOf(bindingId, zone, at));
    return !mayRing(rings, undefined, dailyCap);
  }
}

/** The decision in the words of a push's status; which endpoints they are is the person's. */
function told(decision: GateDecision, priority: Priority): Omit<PreviewedRecipient, 'openid'> {
  const channels = 'endpoints' in decision ? decision.endpoints.map(({ kind }) => kind) : [];
  return {
    decision: decision.is,
    ...('reason' in decision && { reason: decision.reason }),
    ...('until' in decision && decision.until !== undefined && { until: decision.until }),
    ...(channels.length > 0 && { channels, priority }),
  };
}
