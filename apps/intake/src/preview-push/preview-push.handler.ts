import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  durationMs,
  intakeSubjects,
  JudgedContent,
  moderationSubjects,
  PreviewedRecipient,
  PreviewedReminder,
  PushContent,
  PushPreview,
  pushRequest,
  Reply,
} from '@hark/contracts';
import { Present } from '@hark/eventstore';
import {
  Binding,
  gate,
  GateDecision,
  GateInput,
  heardAs,
  mayRing,
  openidIdOf,
  ringsIdOf,
  standingOwnerOf,
} from '@hark/gate';
import { Clock, HarkError, IsoTime, plusMs } from '@hark/kernel';
import { HarkContext, RequestContext, RpcClient } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { ConsentStore } from '../consent.store';
import { timesOf } from '../domain/push-times';
import { Escalations } from '../escalations.service';
import { PushRates } from '../push-rates.service';
import { PushTexts } from '../push-texts.service';
import { ownBinding, Senders } from '../senders.service';
import { PreviewWords } from './preview-words';

type Asked = z.infer<typeof pushRequest>;
type KnownBinding = Exclude<Binding, { is: 'absent' }>;

/**
 * Tells what would become of a push, by the gate that would decide on it, at its `sendAt` where it has one; when it would be
 * said again, and whom it would go to, while nobody acknowledges it, each by the gate of that time. Stores, sends and counts
 * nothing but the rate. The text is judged by the local rules only: it goes to no provider, which may still hold it.
 */
@Controller()
@Requires('credential')
export class PreviewPushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly escalations: Escalations,
    private readonly texts: PushTexts,
    private readonly rates: PushRates,
    private readonly vault: Vault,
    private readonly requests: RpcClient,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(intakeSubjects.previewPush)
  async handle(
    @Input(pushRequest) { credential, ...asked }: Asked,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushPreview>> {
    const { key, openid, priority = 'normal', sendAt: time, expiresAt: end, repeat, escalate = [], ...content } = asked;
    this.texts.of(content);
    const present = this.consent.present();
    const sender = await this.senders.prove(credential, key, present);
    const bindingId = await this.senders.bindingIdFor(sender, openid, present);
    const { state } = await this.consent.bindings.get(bindingId, present);
    const binding = ownBinding(sender, state);
    const { appId } = sender;
    const ownerId = standingOwnerOf(appId, sender.app);
    if (escalate.length > 0) {
      await this.escalations.of(escalate, { sender, bindingId, personId: binding.personId, present });
    }
    const now = this.clock.now();
    const { sendAt = now, expiresAt } = timesOf({ sendAt: time, expiresAt: end }, now);
    this.rates.take(ownerId, binding.personId);
    const [standing, moderation] = await Promise.all([
      this.consent.standings.get(ownerId, present),
      this.judged(content, request),
    ]);
    const push = {
      app: sender.app,
      standing: standing.state,
      push: { ...(expiresAt !== undefined && { expiresAt }), isRecalled: false },
      priority,
      verdict: moderation.verdict,
    };
    const input = await this.inputFor(push, bindingId, binding, sendAt, present);
    // What would be refused when it is sent here is not accepted for later either.
    const refused = refusedBy(gate({ ...input, now }));
    const decision = refused ?? gate(input);
    const opened = await this.vault.open(binding.openid, aadOf.openid(bindingId));
    if (opened === undefined) return { body: { at: sendAt, moderation, recipients: [] } };
    const words = new PreviewWords(moderation, request.locale);
    const first = { openid: opened, ...words.of(decision, heardAs(priority, binding)) };
    const isFiled = decision.is !== 'refuse' && decision.is !== 'hold';
    const reminders = repeat && isFiled && (await this.remindersOf(repeat, { bindingId, binding, input, words }));
    const next = escalate
      .map(({ after, openid }) => ({ openid, at: plusMs(sendAt, durationMs(after)!) }))
      .toSorted((one, other) => one.at.localeCompare(other.at))
      .map(async ({ openid, at }): Promise<PreviewedRecipient> => {
        // The first person's gate is asked again as well: nothing follows what is refused to them.
        const over = refused ?? refusedBy(gate({ ...input, now: at }));
        if (over) return { openid, at, ...words.of(over, priority) };
        const own = await this.bindingOf(appId, openid, present);
        if (typeof own === 'string') return { openid, at, ...words.refusal(own) };
        if (own.binding.personId === binding.personId) return { openid, at, ...words.refusal('same-person') };
        const later = await this.inputFor(push, own.id, own.binding, at, present);
        return { openid, at, ...words.of(gate(later), heardAs(priority, own.binding)) };
      });
    const recipients = [{ ...first, ...(reminders && { reminders }) }, ...(await Promise.all(next))];
    return { body: { at: sendAt, moderation, recipients } };
  }

  /** What becomes of each reminder; the first that is refused is the last. All that the gate looks at is read once before. */
  private async remindersOf(
    { every, times }: NonNullable<Asked['repeat']>,
    asked: {
      readonly bindingId: string;
      readonly binding: KnownBinding;
      readonly input: GateInput;
      readonly words: PreviewWords;
    },
  ): Promise<PreviewedReminder[]> {
    const { bindingId, binding, input, words } = asked;
    const dueAt = Array.from({ length: times }, (_, before) => plusMs(input.now, (before + 1) * durationMs(every)!));
    const { timeZone } = input.user;
    const overCapAt = await this.daysOverCap(bindingId, binding.dailyCap, timeZone, dueAt);
    const reminders: PreviewedReminder[] = [];
    for (const at of dueAt) {
      const decision = gate({ ...input, isOverCap: overCapAt(at), now: at });
      reminders.push({ at, ...words.of(decision, heardAs(input.priority ?? 'normal', binding)) });
      if (decision.is === 'refuse') break;
    }
    return reminders;
  }

  /** What the gate would be asked at that time. */
  private async inputFor(
    push: Omit<GateInput, 'binding' | 'user' | 'now'>,
    bindingId: string,
    binding: KnownBinding,
    now: IsoTime,
    present: Present,
  ): Promise<GateInput> {
    const { state: user } = await this.consent.users.get(binding.personId, present);
    const overCapAt = await this.daysOverCap(bindingId, binding.dailyCap, user.timeZone, [now]);
    return { ...push, binding, consentId: binding.consentId, user, isOverCap: overCapAt(now), now };
  }

  /** The binding that the app has confirmed for an openid, or the code that says why there is none. */
  private async bindingOf(
    appId: string,
    openid: string,
    present: Present,
  ): Promise<{ readonly id: string; readonly binding: KnownBinding } | string> {
    try {
      const id = await this.senders.confirmedFor(appId, openidIdOf(appId, openid), present);
      return { id, binding: ownBinding({ appId }, (await this.consent.bindings.get(id, present)).state) };
    } catch (error) {
      if (error instanceof HarkError && (error.kind === 'refused' || error.kind === 'not-found')) return error.code;
      throw error;
    }
  }

  private async judged(content: PushContent, { requestId, deadlineMs }: RequestContext): Promise<JudgedContent> {
    const meta = { requestId, deadlineMs };
    return (await this.requests.request<JudgedContent>(moderationSubjects.judgeContent, { content }, meta)).body;
  }

  /** Tells of each of these times whether the binding has rung as often as it may on its day; a day is read once. */
  private async daysOverCap(
    bindingId: string,
    dailyCap: number | null,
    zone: string | null,
    times: readonly IsoTime[],
  ): Promise<(at: IsoTime) => boolean> {
    if (dailyCap === null) return () => false;
    const days = [...new Set(times.map((at) => ringsIdOf(bindingId, zone, at)))];
    const over = await Promise.all(
      days.map(async (day) => [day, !mayRing((await this.consent.rings.get(day)).state, undefined, dailyCap)] as const),
    );
    const byDay = new Map(over);
    return (at) => byDay.get(ringsIdOf(bindingId, zone, at))!;
  }
}

const refusedBy = (decision: GateDecision) => (decision.is === 'refuse' ? decision : undefined);
