import { DeliveryEvent, MessageEvent, ModerationEvent, PushStatus, TimelineEntry } from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';

/** What the sender sees of a push. Holds no text. */
export interface PushRow {
  push_id: string;
  app_id: string;
  binding_id: string;
  status: PushStatus;
  reason: string | null;
  timeline: readonly TimelineEntry[];
  pushed_at: string;
}

type Event = MessageEvent | ModerationEvent | DeliveryEvent;

/** The most lines that a timeline keeps besides its last one; the first ones stay. */
const timelineMax = 200;

export const pushRows: FoldProjection<PushRow, Event> = {
  name: 'intake.pushes.v1',
  table: 'intake.pushes',
  key: ['push_id'],
  categories: ['message', 'moderation', 'delivery'],
  replacing: ['message.pushed'],

  keyOf: ({ id }) => ({ push_id: id }),

  evolve(row, { event, id }) {
    if (event.type === 'message.pushed') {
      const { appId, bindingId, at } = event.data;
      return {
        push_id: id,
        app_id: appId,
        binding_id: bindingId,
        status: 'moderating',
        reason: null,
        timeline: [{ event: event.type, at }],
        pushed_at: at,
      };
    }
    // Not shown: that a time has come concerns only the hub, and the try that follows is shown.
    if (!row || event.type === 'delivery.resumed' || event.type === 'moderation.resumed') return row;
    const next = statusAfter(event);
    const isTold = row.timeline.length < timelineMax || event.type === 'delivery.finished';
    const timeline = isTold ? [...row.timeline, entryOf(event)] : row.timeline;
    return { ...row, ...next, timeline };
  },
};

function statusAfter(event: Exclude<Event, MessageEvent>): { status?: PushStatus; reason?: string | null } {
  switch (event.type) {
    case 'moderation.held':
      return { status: 'held', reason: `moderation.${event.data.label}` };
    case 'moderation.blocked':
    case 'moderation.rejected':
      return { status: 'blocked', reason: `moderation.${event.data.label}` };
    case 'moderation.passed':
    case 'moderation.approved':
      return { status: 'moderating', reason: null };
    case 'delivery.decided':
      return event.data.decision === 'refuse' ? { status: 'suppressed', reason: event.data.reason ?? null } : {};
    case 'delivery.filed':
      return { status: 'filed', reason: event.data.reason ?? null };
    case 'delivery.attempted':
    case 'delivery.deferred':
      return { status: 'delivering' };
    case 'delivery.finished':
      return { status: event.data.outcome, reason: event.data.reason ?? null };
    default:
      return {};
  }
}

/** The channel carried the push without its link, which was not a web address or too long. */
const linkLeftOut = 'link-left-out';

function entryOf({ type, data }: Exclude<Event, MessageEvent>): TimelineEntry {
  const reason = 'reason' in data ? data.reason : type === 'delivery.sent' && data.leftOut ? linkLeftOut : undefined;
  const detail = 'label' in data ? data.label : (reason ?? ('class' in data ? data.class : undefined));
  return {
    event: type,
    at: data.at,
    ...('channel' in data && { channel: data.channel }),
    ...(detail !== undefined && { detail }),
    ...(type === 'delivery.deferred' && { retryAt: data.retryAt }),
    ...(type === 'moderation.deferred' && { retryAt: data.until }),
  };
}
