import { Injectable } from '@nestjs/common';
import { DeliveryEvent, MessageEvent, PushedEvent } from '@hark/contracts';
import { EventStore, reactionContext, Reactor, RecordedEvent, StateCache, stepContext } from '@hark/eventstore';
import { escalatedIdOf, escalatedIdsOf, messageFold, Pushed } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { ConsentStore } from '../consent.store';
import { EscalatedPushes } from '../escalated-pushes.service';
import { MessageStore } from '../message.store';
import { PushRates } from '../push-rates.service';
import { PushTexts } from '../push-texts.service';
import { Recipients } from '../recipients.service';
import { Senders } from '../senders.service';
import { answeredFold, Filed, filedFold } from './told-texts.fold';

type Escalated = Extract<DeliveryEvent, { type: 'delivery.escalated' }>;
type Due = Escalated | Extract<MessageEvent, { type: 'message.recalled' }>;

/**
 * Pushes to the next person what nobody has acknowledged, as a push of its own under their consent, and takes back with a
 * push what came of it. Their key seals the text only now: before, it was none of theirs.
 */
@Injectable()
export class EscalatePushReactor implements Reactor<Due> {
  readonly group = 'intake.escalate-push';
  readonly reactsTo = ['delivery.escalated', 'message.recalled'];
  readonly concurrency = 16;
  private readonly pushes: StateCache<Pushed | undefined>;
  private readonly filed: StateCache<Filed | undefined>;
  private readonly answered: StateCache<boolean>;

  constructor(
    store: EventStore,
    private readonly messages: MessageStore,
    private readonly escalated: EscalatedPushes,
    private readonly consent: ConsentStore,
    private readonly senders: Senders,
    private readonly recipients: Recipients,
    private readonly rates: PushRates,
    private readonly texts: PushTexts,
    private readonly clock: Clock,
  ) {
    this.pushes = store.streams('message', messageFold, { entriesMax: 1 });
    this.filed = store.streams('delivery', filedFold, { entriesMax: 1 });
    this.answered = store.streams('inbox_item', answeredFold, { entriesMax: 1 });
  }

  async react(recorded: RecordedEvent<Due>): Promise<void> {
    const { id: pushId, event } = recorded;
    const context = reactionContext(recorded, 'intake');
    if (event.type === 'delivery.escalated') await this.escalate(pushId, event.data, recorded);
    await this.escalated.recallWith(pushId, context);
  }

  private async escalate(pushId: string, { number, openidId }: Escalated['data'], recorded: RecordedEvent) {
    const context = reactionContext(recorded, 'intake');
    const { state: from } = await this.messages.load(pushId);
    if (from.is === 'absent' || from.escalationsDropped.includes(number)) return;
    const id = escalatedIdOf(pushId, number);
    if ((await this.messages.load(id)).state.is !== 'absent') return;
    const pushed = await this.pushFor(openidId, pushId, id);
    if (typeof pushed === 'string') {
      const command = { type: 'DropEscalation', number, reason: pushed, at: this.clock.now() } as const;
      await this.messages.execute(pushId, command, stepContext(context, 'drop'));
      return;
    }
    await this.messages.execute(id, { type: 'Push', ...pushed }, { ...stepContext(context, 'push'), creates: true });
  }

  /** The push for that person, or why there is none: what their consent says is told as to who pushes to them directly. */
  private async pushFor(openidId: string, pushId: string, id: string): Promise<PushedEvent['data'] | string> {
    const { state: from } = await this.pushes.get(pushId);
    const { state: filed } = await this.filed.get(pushId);
    if (!from || !filed) throw new HarkError('not-found', 'push.unknown', 'nothing of this push was filed');
    if (from.isRecalled) return 'recalled';
    const at = this.clock.now();
    if (from.expiresAt !== undefined && at >= from.expiresAt) return 'expired';
    for (const item of [pushId, ...escalatedIdsOf(pushId, from)]) {
      if ((await this.answered.get(item)).state) return 'acknowledged';
    }
    const content = await this.texts.open(filed.content, pushId);
    if (content === undefined) return 'person-erased';
    const { appId, priority, threadHash, expiresAt } = from;
    const present = this.consent.present();
    const { state: app } = await this.consent.apps.get(appId, present);
    if (app.is !== 'registered') return 'app-deleted';
    const sender = { appId, app, by: 'app' as const };
    try {
      // Since delivery asked. Who withdrew consent does not have their matters told to others.
      const { bindingId: own, consentId: under } = from;
      await this.recipients.consentTo({ sender, bindingId: own, consentId: under, present });
      const bindingId = await this.senders.confirmedFor(appId, openidId, present);
      const consent = await this.recipients.consentTo({ sender, bindingId, present });
      // Another name of the app's for somebody who has it already.
      if (consent.personId === from.personId) return 'same-person';
      this.rates.take(consent.ownerId, consent.personId);
      const sealed = await this.texts.sealed(this.texts.of(content), { pushId: id, personId: consent.personId });
      return {
        ...consent,
        ...sealed,
        // The verdict on this text is known by the hash of the edition that it was judged as.
        contentHash: [...from.earlierHashes, from.contentHash][filed.edition]!,
        priority,
        sentBy: 'app',
        ...(expiresAt !== undefined && { expiresAt }),
        ...(threadHash !== undefined && { threadHash }),
        escalatedFrom: pushId,
        at,
      };
    } catch (error) {
      if (error instanceof HarkError && (error.kind === 'refused' || error.kind === 'not-found')) return error.code;
      throw error;
    }
  }
}
