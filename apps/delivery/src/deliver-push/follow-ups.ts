import { Injectable } from '@nestjs/common';
import { CommandContext } from '@hark/eventstore';
import { escalatedIdsOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { ConsentStore } from '../consent.store';
import { DeliveryStore } from '../delivery.store';
import { DeliveryCommand, FollowUpTask } from '../domain/delivery.decider';
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
    await this.deliveries.execute(pushId, await this.next('remind', pushId, number, epoch), context);
  }

  /** Somebody else is to get the push; intake then pushes it to them. */
  async escalate(pushId: string, number: number, epoch: number, context: CommandContext): Promise<void> {
    await this.deliveries.execute(pushId, await this.next('escalate', pushId, number, epoch), context);
  }

  private async next(task: FollowUpTask, pushId: string, number: number, epoch: number): Promise<DeliveryCommand> {
    const at = this.clock.now();
    const pushed = await this.messages.times(pushId, this.consent.present());
    const inboxItemId = await this.answeredIn([pushId, ...escalatedIdsOf(pushId, pushed)]);
    if (inboxItemId !== undefined) return { type: 'Acknowledge', inboxItemId, at };
    const isSilent = task === 'escalate';
    const look = await this.consent.look({ ...pushed, pushId }, at, undefined, { isSilent });
    const { decision, ...answer } = answerOf(look, at);
    if (decision === 'refuse') return { type: 'DropFollowUp', task, number, reason: answer.reason!, at };
    if (task === 'escalate') return { type: 'Escalate', number, epoch, at };
    return { type: 'Remind', number, epoch, decision: { decision, ...answer }, at };
  }

  /** By their own streams: what was acknowledged just now may not have reached the delivery yet. */
  private async answeredIn(itemIds: readonly string[]): Promise<string | undefined> {
    const items = await Promise.all(itemIds.map((id) => this.items.load(id)));
    return itemIds.find((_, index) => isAnswered(items[index]!.state));
  }
}
