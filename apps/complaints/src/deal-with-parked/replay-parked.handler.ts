import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, ReplayEvent, replayParkedRequest, ReplayReply, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { EventStore, ParkedEvents } from '@hark/eventstore';
import { Clock, uuid5 } from '@hark/kernel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';

/**
 * Gives a reactor group the events that it gave up again, as an operator asks, who is recorded first. Reactions are
 * idempotent: an event that was done with meanwhile changes nothing, and one that fails again is parked again. Throws
 * `not-found` `park.unknown-group`.
 */
@Controller()
@Requires('operator')
export class ReplayParkedHandler {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.replayParked)
  async handle(
    @Input(replayParkedRequest) { group, below }: z.infer<typeof replayParkedRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ReplayReply>> {
    const parked = new ParkedEvents(this.store.client);
    await parked.assertKnown(group);
    const id = uuid5(context.commandId, 'replay');
    const asked: ReplayEvent = {
      type: 'replay.asked',
      data: { operatorId, group, ...(below !== undefined && { below }), at: this.clock.now() },
    };
    await this.store.append('replay', id, 'no-stream', [asked], context);
    await parked.replay(group, below);
    return { body: { id, group } };
  }
}
