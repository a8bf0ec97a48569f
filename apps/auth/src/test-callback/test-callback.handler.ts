import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { appIdRequest, authSubjects, QueuedCallbackReply, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock, HarkError } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires, UserId } from '@hark/service';
import { AppStore } from '../app.store';
import { CallbackStore } from '../callback.store';
import { appOf } from '../domain/views';

/** Queues a call of the type `callback.test`; the list of callbacks shows what comes of it. */
@Controller()
@Requires('user')
export class TestCallbackHandler {
  constructor(
    private readonly apps: AppStore,
    private readonly callbacks: CallbackStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.testCallback)
  async handle(
    @Input(appIdRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof appIdRequest>,
    @UserId() personId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<QueuedCallbackReply>> {
    const app = appOf(personId, (await this.apps.load(appId)).state);
    if (app.callbackUrl === undefined) {
      throw new HarkError('refused', 'app.no-callback-url', 'the app has no callback address');
    }
    const at = this.clock.now();
    const queue = { type: 'Queue', news: { appId, ownerId: personId, type: 'callback.test', at }, at } as const;
    const executed = await this.callbacks.execute(context.commandId, queue, { ...context, creates: true });
    return replyTo(executed, { id: context.commandId });
  }
}
