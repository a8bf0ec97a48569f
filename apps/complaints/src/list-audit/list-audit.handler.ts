import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  AuditView,
  complaintsSubjects,
  decodePlace,
  encodeCursor,
  limitDefault,
  listAuditRequest,
  Page,
  Reply,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { EventStore, readLogBefore, RecordedEvent } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { auditViewOf, CommandCtx, Input, Requires, unknownActor, UserId } from '@hark/service';
import { ComplaintLooks } from '../complaint-looks.store';

type Asked = z.infer<typeof listAuditRequest>;

/** How much of the log one call searches. A page may then be short or empty and still have a next one. */
const pageEvents = 500;
const pagesMax = 4;

/**
 * The events themselves, latest first, for operators: of a stream, of an actor, of a type, of one request, since a time. Personal
 * fields are masked and sealed ones never opened. Each look is recorded before anything is shown.
 */
@Controller()
@Requires('operator')
export class ListAuditHandler {
  constructor(
    private readonly store: EventStore,
    private readonly looks: ComplaintLooks,
  ) {}

  @MessagePattern(complaintsSubjects.listAudit)
  async handle(
    @Input(listAuditRequest) asked: Asked,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<Page<AuditView>>> {
    const { stream, actor, type, correlation, order } = asked;
    if (order === 'oldest' && stream === undefined)
      throw new HarkError('invalid', 'request.invalid', 'the whole log is read from its end', {
        errors: [{ path: 'order', message: 'must be newest without a stream' }],
      });
    await this.looks.recordAudit(context, operatorId, {
      ...(stream !== undefined && { stream }),
      ...(actor !== undefined && { actorSought: actor }),
      ...(type !== undefined && { typeSought: type }),
      ...(correlation !== undefined && { correlation }),
    });
    const [place] = decodePlace(asked.cursor);
    const before = place === null ? undefined : BigInt(place);
    return { body: asked.stream === undefined ? await this.ofLog(asked, before) : await this.ofStream(asked, before) };
  }

  private async ofStream(asked: Asked, place: bigint | undefined): Promise<Page<AuditView>> {
    const [, category, id] = /^([a-z_]+)-(.*)$/.exec(asked.stream!)!;
    const isOldestFirst = asked.order === 'oldest';
    const events = await this.store.read(category!, id!);
    const isFurther = ({ position }: RecordedEvent, place: bigint): boolean =>
      isOldestFirst ? position > place : position < place;
    const wanted = events.filter((one) => (place === undefined || isFurther(one, place)) && fits(one, asked));
    return pageOf(isOldestFirst ? wanted : wanted.reverse(), asked, undefined);
  }

  /** Backwards from the end, or from where the last page ended. */
  private async ofLog(asked: Asked, before: bigint | undefined): Promise<Page<AuditView>> {
    const { limit = limitDefault, since } = asked;
    const found: RecordedEvent[] = [];
    let from = before;
    let last: RecordedEvent | undefined;
    for (let pages = 0; pages < pagesMax; pages++) {
      const { events, next } = await readLogBefore(this.store.client, from, pageEvents);
      last = events.at(-1) ?? last;
      found.push(...events.filter((one) => fits(one, asked)));
      const isPast = since !== undefined && last !== undefined && last.recordedAt < since;
      if (next === undefined || isPast) return pageOf(found, asked, undefined);
      from = next;
      if (found.length > limit) break;
    }
    return pageOf(found, asked, last);
  }
}

const fits = ({ event, metadata, recordedAt }: RecordedEvent, { actor, type, correlation, since }: Asked): boolean =>
  (type === undefined || event.type === type) &&
  (actor === undefined || (metadata.actor ?? unknownActor) === actor) &&
  (correlation === undefined || metadata.$correlationId === correlation) &&
  (since === undefined || recordedAt >= since);

/** `last`: where the search stopped; undefined when there is nothing before it. */
function pageOf(
  found: RecordedEvent[],
  { limit = limitDefault }: Asked,
  last: RecordedEvent | undefined,
): Page<AuditView> {
  const items = found.slice(0, limit);
  const end = found.length > limit ? items.at(-1)! : last;
  return { items: items.map(auditViewOf), nextCursor: end ? encodeCursor([String(end.position), end.eventId]) : null };
}
