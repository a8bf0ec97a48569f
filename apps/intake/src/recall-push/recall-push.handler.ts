import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { intakeSubjects, pushIdRequest, Reply } from '@hark/contracts';
import { Clock } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { commandContext, Input, replyTo, Requires } from '@hark/service';
import { ConsentStore } from '../consent.store';
import { ownPush } from '../domain/own-push';
import { EscalatedPushes } from '../escalated-pushes.service';
import { MessageStore } from '../message.store';
import { Senders } from '../senders.service';

/**
 * Takes a push back. From the answer on it goes nowhere any more, whatever it waited for, and it leaves the inbox. Phones
 * that show it already follow where their channel can; the timeline says which did.
 */
@Controller()
@Requires('credential')
export class RecallPushHandler {
  constructor(
    private readonly senders: Senders,
    private readonly consent: ConsentStore,
    private readonly messages: MessageStore,
    private readonly escalated: EscalatedPushes,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(intakeSubjects.recallPush)
  async handle(
    @Input(pushIdRequest, { pushId: 'push.unknown' }) { credential, pushId }: z.infer<typeof pushIdRequest>,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<null>> {
    const sender = await this.senders.prove(credential, undefined, this.consent.present());
    ownPush(sender, (await this.messages.load(pushId)).state);
    const command = { type: 'Recall', at: this.clock.now() } as const;
    const context = commandContext(request, `app:${sender.appId}`);
    const recalled = await this.messages.execute(pushId, command, context);
    await this.escalated.recallWith(pushId, context);
    return replyTo(recalled, null);
  }
}
