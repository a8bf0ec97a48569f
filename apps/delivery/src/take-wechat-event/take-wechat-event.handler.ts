import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { deliverySubjects, Reply, takeWechatEventRequest } from '@hark/contracts';
import { type CommandContext, stepContext } from '@hark/eventstore';
import { Clock, uuid5 } from '@hark/kernel';
import { CommandCtx, Input, Requires } from '@hark/service';
import { openEvent, WechatError } from '@hark/wechat';
import { Credits } from '../credits.service';
import { unsigned, WechatSignatures } from '../wechat-signatures.service';
import { ReminderAnswer, reminderEventIn } from './reminder-event';
import { WechatReminders } from './wechat-reminders';

type Pushed = z.infer<typeof takeWechatEventRequest>;

/**
 * Takes what WeChat pushes: what people answered about reminders goes into the ledger of their endpoint, once, however often
 * it comes. Everything else is only acknowledged, or WeChat would send it again.
 */
@Controller()
@Requires('anyone')
export class TakeWechatEventHandler {
  constructor(
    private readonly signatures: WechatSignatures,
    private readonly reminders: WechatReminders,
    private readonly credits: Credits,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(deliverySubjects.takeWechatEvent)
  async handle(
    @Input(takeWechatEventRequest) pushed: Pushed,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<string>> {
    const event = reminderEventIn(this.opened(pushed));
    for (const answer of event?.answers ?? []) {
      const endpointId = await this.reminders.endpointOf(event!.openid, answer.templateId);
      if (endpointId !== undefined) await this.count(endpointId, answer, uuid5(endpointId, event!.name), context);
    }
    return { body: 'success' };
  }

  /** The event in clear. With a key set, one that came in clear is refused: its body would be signed by nobody. */
  private opened({ event, timestamp, nonce, signature = '', msg_signature = '' }: Pushed): unknown {
    const receiver = this.signatures.receiver();
    if (receiver.aesKey === undefined) {
      this.signatures.assert(receiver, { timestamp, nonce, signature });
      return event;
    }
    const encrypted = typeof event['Encrypt'] === 'string' ? event['Encrypt'] : '';
    this.signatures.assert(receiver, { timestamp, nonce, signature: msg_signature }, encrypted);
    try {
      return openEvent(receiver, encrypted);
    } catch (error) {
      throw error instanceof WechatError ? unsigned({ cause: error }) : error;
    }
  }

  private async count(endpointId: string, { is }: ReminderAnswer, reportId: string, context: CommandContext) {
    const at = this.clock.now();
    const command =
      is === 'accepted'
        ? ({ type: 'Grant', reportId, count: 1, by: 'wechat', at } as const)
        : ({ type: 'Empty', reason: 'rejected', reportId, at } as const);
    await this.credits.execute(endpointId, command, stepContext(context, endpointId));
  }
}
