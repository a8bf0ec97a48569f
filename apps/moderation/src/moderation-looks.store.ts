import { Injectable } from '@nestjs/common';
import { ModerationLookEvent } from '@hark/contracts';
import { CommandContext, EventStore } from '@hark/eventstore';
import { Clock, uuid7 } from '@hark/kernel';

/**
 * The `moderation_look-` streams: which operator saw which texts, one stream per look. Only this service writes them.
 */
@Injectable()
export class ModerationLooks {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Records a look before anything is shown. When it throws, nothing may be shown. */
  async record(context: CommandContext, operatorId: string, pushIds: readonly string[]): Promise<void> {
    if (pushIds.length === 0) return;
    const data = { operatorId, pushIds: [...pushIds], at: this.clock.now() };
    const look: ModerationLookEvent = { type: 'moderation_look.taken', data };
    await this.store.append('moderation_look', uuid7(), 'no-stream', [look], context);
  }
}
