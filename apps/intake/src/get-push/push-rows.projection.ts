import {
  DeliveryEvent,
  InboxItemEvent,
  MessageEvent,
  ModerationEvent,
  PushStatus,
  TimelineEntry,
} from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';
import { pushesProjection } from '../push-summaries.read-model';

/** What the sender sees of a push. Holds no text. */
export interface PushRow {
  push_id: string;
  app_id: string;
  binding_id: string;
  status: PushStatus;
  reason: string | null;
  timeline: readonly TimelineEntry[];
  pushed_at: string;
  /** Of the latest appointment. */
  send_at: string | null;
  thread_hash: string | null;
  /** Where the push stands in the log. */
  place: string | number;
  /** Where in the log it was accepted or something last became of it. */
  changed_position: string | number;
}

type Event = MessageEvent | ModerationEvent | DeliveryEvent | InboxItemEvent;

const answers: ReadonlySet<string> = new Set(['inbox_item.acknowledged', 'inbox_item.action-taken']);

/** The most lines that a timeline keeps besides its last one; the first ones stay. */
const timelineMax = 200;

export const pushRows: FoldProjection<PushRow, Event> = {
  name: pushesProjection,
  table: 'intake.pushes',
  key: ['push_id'],
  categories: ['message', 'moderation', 'delivery', 'inbox_item'],
  replacing: ['message.pushed'],

  // Whether somebody read it is theirs; that they know, and what they chose, is an answer to the sender.
  keyOf: ({ id, event }) =>
    event.type.startsWith('inbox_item.') && !answers.has(event.type) ? undefined : { push_id: id },

  evolve(row, { event, id, position }) {
    if (event.type === 'message.pushed') {
      const { appId, bindingId, threadHash, at } = event.data;
      return {
        push_id: id,
        app_id: appId,
        binding_id: bindingId,
        status: event.data.sendAt === undefined ? 'moderating' : 'scheduled',
        reason: null,
        timeline: [{ event: event.type, at }],
        pushed_at: at,
        send_at: null,
        thread_hash: threadHash ?? null,
        place: String(position),
        changed_position: String(position),
      };
    }
    if (!row || untold(event)) return row;
    const next = statusAfter(event, row);
    const isEnd = event.type === 'delivery.finished';
    // How each reminder ended is told by its tries.
    const isTold = isEnd ? event.data.reminder === undefined : row.timeline.length < timelineMax;
    const timeline = isTold ? [...row.timeline, entryOf(event)] : row.timeline;
    const due = event.type === 'message.scheduled' ? { send_at: event.data.sendAt } : {};
    const isReworded = event.type === 'message.edited' && event.data.edition !== undefined;
    const thread = isReworded ? { thread_hash: event.data.threadHash ?? null } : {};
    return { ...row, ...next, ...due, ...thread, timeline, changed_position: String(position) };
  },
};

/** What concerns only the hub: that a time has come, whom it calls, what it will not decide. */
const untoldTypes = [
  'delivery.resumed',
  'delivery.take-back-resumed',
  'delivery.called-off',
  'delivery.callback-owed',
  'delivery.follow-up-set',
  'moderation.resumed',
] as const;
const untold = (event: Event): event is Extract<Event, { type: (typeof untoldTypes)[number] }> =>
  untoldTypes.some((type) => type === event.type) ||
  // Said by the acknowledgement.
  (event.type === 'delivery.follow-up-dropped' && event.data.reason === 'acknowledged');

type Later = Exclude<Event, { type: 'message.pushed' }>;

function statusAfter(event: Later, row: PushRow): { status?: PushStatus; reason?: string | null } {
  // The fate of a text that replaces one in the inbox is told by the timeline; the push has arrived.
  if (isFiled(row) && (event.type === 'message.edited' || event.type.startsWith('moderation.'))) return {};
  switch (event.type) {
    case 'message.edited':
      if (event.data.edition === undefined) return {};
      return { status: isWaiting(row) ? 'scheduled' : 'moderating', reason: null };
    case 'message.fired':
      return row.status === 'scheduled' ? { status: 'moderating' } : {};
    case 'message.recalled':
      return { status: 'recalled', reason: null };
    case 'message.expired':
      return unsettled.has(row.status) ? { status: 'expired', reason: null } : {};
    case 'moderation.held':
      return { status: 'held', reason: `moderation.${event.data.label}` };
    case 'moderation.blocked':
    case 'moderation.rejected':
      return { status: 'blocked', reason: `moderation.${event.data.label}` };
    case 'moderation.passed':
    case 'moderation.approved':
      return { status: isWaiting(row) ? 'scheduled' : 'moderating', reason: null };
    case 'delivery.decided':
      return event.data.decision === 'refuse' ? refused(event.data.reason) : {};
    case 'delivery.filed':
      return { status: 'filed', reason: event.data.reason ?? null };
    case 'delivery.attempted':
      return isFinished(row) ? {} : { status: 'delivering' };
    case 'delivery.deferred':
      // What was delivered stays so, whatever becomes of reminders.
      return row.status === 'delivered' ? {} : { status: 'delivering' };
    case 'delivery.finished':
      if (row.status === 'delivered') return {};
      return event.data.outcome === 'suppressed'
        ? refused(event.data.reason)
        : { status: event.data.outcome, reason: event.data.reason ?? null };
    default:
      return {};
  }
}

/** What its sender did, or its own time, is a status of its own. */
const refused = (reason: string | undefined): { status: PushStatus; reason: string | null } =>
  reason === 'recalled' || reason === 'expired'
    ? { status: reason, reason: null }
    : { status: 'suppressed', reason: reason ?? null };

/** Whether it still waits for its time. */
const isWaiting = ({ timeline }: PushRow): boolean =>
  timeline.findLast(({ event }) => event === 'message.scheduled' || event === 'message.fired')?.event ===
  'message.scheduled';

const isFiled = ({ timeline }: PushRow): boolean => timeline.some(({ event }) => event === 'delivery.filed');
const isFinished = ({ timeline }: PushRow): boolean => timeline.some(({ event }) => event === 'delivery.finished');

/** Nothing has become of it yet. */
const unsettled: ReadonlySet<PushStatus> = new Set(['scheduled', 'accepted', 'moderating', 'held']);

/** The channel carried the push without its link, which was not a web address or too long. */
const linkLeftOut = 'link-left-out';

/** What puts off to a time that is worth telling. */
const toldUntil: ReadonlySet<string> = new Set(['delivery.deferred', 'delivery.postponed', 'delivery.left-shown']);

function entryOf({ type, data }: Later): TimelineEntry {
  const reason = 'reason' in data ? data.reason : type === 'delivery.sent' && data.leftOut ? linkLeftOut : undefined;
  const told = 'class' in data ? data.class : 'actionId' in data ? data.actionId : undefined;
  const detail = 'label' in data ? data.label : (reason ?? told);
  return {
    event: type,
    at: data.at,
    ...('channel' in data && { channel: data.channel }),
    ...(detail !== undefined && { detail }),
    ...(type === 'message.scheduled' && { sendAt: data.sendAt }),
    ...(toldUntil.has(type) && 'retryAt' in data && data.retryAt && { retryAt: data.retryAt }),
    ...(type === 'moderation.deferred' && { retryAt: data.until }),
  };
}
