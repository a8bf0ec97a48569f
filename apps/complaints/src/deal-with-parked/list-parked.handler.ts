import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { complaintsSubjects, listParkedRequest, ParkedEventsView, ParkedEventView, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { EventStore, ParkedEvent, ParkedEvents } from '@hark/eventstore';
import { CommandCtx, Input, masked, Requires, UserId } from '@hark/service';
import { ComplaintLooks } from '../complaint-looks.store';

const itemsMax = 200;

/**
 * The events that a reactor group gave up, for operators, masked as in the audit. Each look is recorded before anything is
 * shown. Throws `not-found` `park.unknown-group`.
 */
@Controller()
@Requires('operator')
export class ListParkedHandler {
  constructor(
    private readonly store: EventStore,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.listParked)
  async handle(
    @Input(listParkedRequest) { group }: z.infer<typeof listParkedRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ParkedEventsView>> {
    const items = group === undefined ? await this.ofAll() : await this.of(group);
    await this.looks.recordAudit(context, operatorId, { group: group ?? 'all' });
    return { body: { items } };
  }

  private async of(group: string): Promise<ParkedEventView[]> {
    return (await new ParkedEvents(this.store.client).of(group)).map((parked) => viewOf(group, parked));
  }

  private async ofAll(): Promise<ParkedEventView[]> {
    const items: ParkedEventView[] = [];
    for (const { group, parked } of await new ParkedEvents(this.store.client).groups()) {
      if (parked > 0) items.push(...(await this.of(group)));
      if (items.length >= itemsMax) break;
    }
    return items.slice(0, itemsMax);
  }
}

/** The reason's first word is the error's code; the words behind it may hold somebody's. */
function viewOf(
  group: string,
  { number, parkedAt, reason, type, where, requestId, data }: ParkedEvent,
): ParkedEventView {
  const [stream, revision] = where.split('@') as [string, string];
  return {
    group,
    number,
    parkedAt,
    reason: /^[\w.-]*/.exec(reason)![0],
    type,
    stream,
    revision: Number(revision),
    ...(requestId !== undefined && { requestId }),
    data: (masked(data ?? {}) ?? {}) as Record<string, unknown>,
  };
}
