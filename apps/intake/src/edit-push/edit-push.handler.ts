import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { editPushRequest, intakeSubjects, MessageEvent, PushContent, PushReply, Reply } from '@hark/contracts';
import { CommandContext, EventStore, Executed, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, replyTo, Requires } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { acceptedAs } from '../domain/accepted-as';
import { Edit, Message } from '../domain/message.decider';
import { ownPush } from '../domain/own-push';
import { timesOf } from '../domain/push-times';
import { bindingEnded } from '../domain/refusal';
import { MessageStore } from '../message.store';
import { PushRates } from '../push-rates.service';
import { PushTexts } from '../push-texts.service';
import { Recipients } from '../recipients.service';
import { Senders } from '../senders.service';
import { InboxPlaces } from './inbox-places';

type Asked = z.infer<typeof editPushRequest>;

/** How often an edit is made anew because another one of the same push came first. */
const triesMax = 3;

/**
 * Changes a push: everything before it is sent, afterwards the text in the inbox and how loud what still rings is. The new
 * text needs a verdict of its own and the consent that the push was accepted under; until it has both, nobody sees it.
 */
@Controller()
@Requires('credential')
export class EditPushHandler {
  private readonly pushes: StateCache<Pushed | undefined>;

  constructor(
    store: EventStore,
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly recipients: Recipients,
    private readonly messages: MessageStore,
    private readonly texts: PushTexts,
    private readonly places: InboxPlaces,
    private readonly rates: PushRates,
    private readonly clock: Clock,
  ) {
    this.pushes = store.streams('message', messageFold, { entriesMax: 1 });
  }

  @MessagePattern(intakeSubjects.editPush)
  async handle(
    @Input(editPushRequest, { pushId: 'push.unknown' }) asked: Asked,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<PushReply>> {
    const { credential, pushId } = asked;
    const present = this.consent.present();
    const sender = await this.senders.prove(credential, undefined, present);
    const { bindingId } = ownPush(sender, (await this.messages.load(pushId)).state);
    const context = commandContext(request, `app:${sender.appId}`);
    let executed = await this.messages.repeatOf(pushId, context);
    if (!executed) {
      const consentId = (await this.pushed(pushId)).consentId;
      const { ownerId, personId } = await this.recipients.consentTo({ sender, bindingId, consentId, present });
      this.rates.take(ownerId, personId);
      executed = await this.edit(asked, context);
    }
    return replyTo(executed, { id: pushId, status: acceptedAs(executed.state) });
  }

  private async edit(asked: Asked, context: CommandContext): Promise<Executed<Message, MessageEvent>> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.messages.execute(asked.pushId, await this.commandFor(asked), context);
      } catch (error) {
        const isRaced = error instanceof HarkError && error.code === 'push.edited-meanwhile';
        if (!isRaced || tries >= triesMax) throw error;
      }
    }
  }

  /** What is asked, as a change of the push as it is now. */
  private async commandFor({ pushId, priority, sendAt, expiresAt, credential: _, ...changes }: Asked): Promise<Edit> {
    const pushed = await this.pushed(pushId);
    const at = this.clock.now();
    const waitsUntil = sendAt === undefined ? (pushed.waitsUntil ?? undefined) : (sendAt ?? undefined);
    const endsAt = expiresAt === undefined ? pushed.expiresAt : (expiresAt ?? undefined);
    const isTimed = sendAt !== undefined || expiresAt !== undefined;
    // Times that stay need no look: those of a push that was sent are over.
    const kept = isTimed ? timesOf({ sendAt: waitsUntil, expiresAt: endsAt }, at) : {};
    const text = await this.changedText(pushId, pushed, changes);
    return {
      type: 'Edit',
      basedOn: pushed.edition,
      ...(text && { text }),
      ...(priority !== undefined && { priority: priority ?? 'normal' }),
      ...(sendAt !== undefined && { sendAt: kept.sendAt ?? null }),
      ...(expiresAt !== undefined && { expiresAt }),
      inbox: await this.places.of(pushId),
      at,
    };
  }

  /** The new text, sealed; undefined when it says what the present one does. */
  private async changedText(pushId: string, pushed: Pushed, changes: Changes): Promise<Edit['text']> {
    const content = await this.texts.open(pushed.content, pushId);
    if (content === undefined) throw bindingEnded();
    const changed = merged(content, changes);
    const text = this.texts.of(changed);
    if (text === this.texts.of(content)) return undefined;
    const sealed = await this.texts.sealed(text, { pushId, personId: pushed.personId, edition: pushed.edition + 1 });
    return { ...sealed, ...this.texts.threadOf(changed, pushed.appId) };
  }

  private async pushed(pushId: string): Promise<Pushed> {
    const { state } = await this.pushes.get(pushId);
    if (state) return state;
    throw new HarkError('not-found', 'push.unknown', 'there is no such push');
  }
}

type Changes = Omit<Asked, 'pushId' | 'credential' | 'priority' | 'sendAt' | 'expiresAt'>;

/** The content with what is named changed, and without what is named as null. */
function merged(content: PushContent, changes: Changes): PushContent {
  const fields = Object.entries({ ...content, ...changes }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return Object.fromEntries(fields) as PushContent;
}
