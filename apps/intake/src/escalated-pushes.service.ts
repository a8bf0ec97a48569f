import { Injectable } from '@nestjs/common';
import { CommandContext, stepContext } from '@hark/eventstore';
import { escalatedIdsOf } from '@hark/gate';
import { Clock } from '@hark/kernel';
import { MessageStore } from './message.store';

/** The pushes that came of one because nobody acknowledged it. */
@Injectable()
export class EscalatedPushes {
  constructor(
    private readonly messages: MessageStore,
    private readonly clock: Clock,
  ) {}

  /** Takes them back where that push was taken back. Whoever adds one calls this afterwards, so that none is missed. */
  async recallWith(pushId: string, context: CommandContext): Promise<void> {
    const { state: push } = await this.messages.load(pushId);
    if (push.is !== 'recalled') return;
    for (const id of escalatedIdsOf(pushId, push)) {
      if ((await this.messages.load(id)).state.is === 'absent') continue;
      const command = { type: 'Recall', at: this.clock.now() } as const;
      await this.messages.execute(id, command, stepContext(context, `recall:${id}`));
    }
  }
}
