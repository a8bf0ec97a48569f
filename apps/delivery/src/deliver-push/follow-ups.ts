import { Injectable } from '@nestjs/common';
import { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { DeliveryCommand } from '../domain/delivery.decider';
import { isAnswered } from '../domain/inbox-item.decider';
import { InboxItemStore } from '../inbox-item.store';
import { PushedMessages } from '../pushed-messages.store';
import { answerOf } from './gate-answer';

/** What follows while nobody acknowledges a push. The gate is asked anew each time. */
@Injectable()
export class FollowUps {
  constructor(
    private readonly deliveries: DeliveryStore,
    private readonly items: InboxItemStore,
    private readonly messages: PushedMessages,
    private readonly consent: ConsentStore,
    private readonly clock: Clock,
  ) {}

  /** Reminder `number` of the push is due; `RemindReactor` then makes the tries. */
  async remind(pushId: string, number: number, epoch: number, context: CommandContext): Promise<void> {
    await this.deliveries.execute(pushId, await this.reminder(pushId, number, epoch), context);
  }

  private async reminder(pushId: string, number: number, epoch: number): Promise<DeliveryCommand> {
    const at = this.clock.now();
    // By its own stream: what was acknowledged just now may not have reached the delivery yet.
    if (isAnswered((await this.items.load(pushId)).state)) return { type: 'Acknowledge', inboxItemId: pushId, at };
    const pushed = await this.messages.times(pushId, this.consent.present());
    const look = await this.consent.look({ ...pushed, pushId }, at);
    const { decision, ...answer } = answerOf(look, at);
    if (decision === 'refuse') return { type: 'DropFollowUp', task: 'remind', number, reason: answer.reason!, at };
    return { type: 'Remind', number, epoch, decision: { decision, ...answer }, at };
  }
}
