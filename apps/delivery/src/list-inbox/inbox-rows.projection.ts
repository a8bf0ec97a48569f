import {
  DeliveryEvent,
  FiledThread,
  InboxItemEvent,
  MessageEvent,
  ModerationEvent,
  NoticeEvent,
} from '@hark/contracts';
import { FoldProjection } from '@hark/readmodel';
import { goneToldForMs, hubItself, inboxProjection, InboxRow, isFiledLate } from '../inbox-row.read-model';

/** The reasons of a row that has left the inbox: its sender took it back, or it became older than its person keeps them. */
const recalled = 'recalled';
const cleared = 'cleared';

const unmarked = {
  edited_at: null,
  read_at: null,
  acknowledged_at: null,
  archived_at: null,
  kept_at: null,
  actions_taken: null,
  gone_at: null,
};
const threadless = { thread_id: null, step_index: null, step_of: null };

type Event = MessageEvent | ModerationEvent | DeliveryEvent | InboxItemEvent | NoticeEvent;
type Recorded = Parameters<FoldProjection<InboxRow, Event>['evolve']>[1];

/** What is left of a message that has gone: that there was one, so that it can be told late, and not a word of it. */
const gone = { content: null, ...threadless, level: null, filed_at: null, ...unmarked };
const isGone = ({ reason, filed_at }: InboxRow): boolean =>
  filed_at === null && (reason === recalled || reason === cleared);

const unwatched = { filed_position: null, changed_position: null, change: null };

/**
 * Messages are in the order in which the log accepted them, whatever clocks said and whichever was filed first. One
 * that was held back, for approval or by an outage, is placed where it was filed.
 */
export const inboxRows: FoldProjection<InboxRow, Event> = {
  name: inboxProjection,
  table: 'delivery.inbox',
  key: ['item_id'],
  categories: ['message', 'moderation', 'delivery', 'inbox_item', 'notice'],
  types: [
    'message.pushed',
    'message.recalled',
    'moderation.blocked',
    'moderation.rejected',
    'delivery.filed',
    'delivery.replaced',
    'delivery.finished',
    'notice.filed',
    'inbox_item.read',
    'inbox_item.unread',
    'inbox_item.acknowledged',
    'inbox_item.archived',
    'inbox_item.unarchived',
    'inbox_item.kept',
    'inbox_item.unkept',
    'inbox_item.cleared',
    'inbox_item.action-taken',
  ],
  replacing: ['message.pushed', 'notice.filed'],
  emptiedBy: { type: 'user.erased', column: 'person_id' },
  forgets: { column: 'gone_at', afterMs: goneToldForMs },

  keyOf: ({ id }) => ({ item_id: id }),

  evolve: (row, recorded) => changed(row, rowAfter(row, recorded), recorded),
};

function rowAfter(row: InboxRow | undefined, { event, id, position }: Recorded): InboxRow | undefined {
  if (row && isGone(row) && !ends(event)) return row;
  switch (event.type) {
    case 'message.pushed': {
      const { personId, appId, bindingId, at } = event.data;
      return {
        item_id: id,
        person_id: personId,
        app_id: appId,
        binding_id: bindingId,
        place: String(position),
        content: null,
        ...threadless,
        level: null,
        reason: null,
        pushed_at: at,
        filed_at: null,
        ...unmarked,
        ...unwatched,
      };
    }
    case 'message.recalled':
      // The place stays taken until nothing can be filed there any more.
      return row && { ...row, ...gone, reason: recalled, gone_at: event.data.at };
    case 'delivery.filed': {
      const { personId, appId, bindingId, content, thread, level, reason, pushedAt, at } = event.data;
      return {
        item_id: id,
        person_id: personId,
        app_id: appId,
        binding_id: bindingId,
        place: row && !isFiledLate(event.data) ? row.place : String(position),
        content,
        ...threadOf(thread),
        level: level ?? null,
        reason: reason ?? null,
        pushed_at: pushedAt,
        filed_at: at,
        ...unmarked,
        ...unwatched,
      };
    }
    case 'delivery.replaced': {
      // What the person acknowledged stays, whichever of the two was decided on first.
      if (!row || row.filed_at === null || row.acknowledged_at !== null) return row;
      const { content, thread, at } = event.data;
      return { ...row, content, ...threadOf(thread), edited_at: at };
    }
    case 'notice.filed': {
      const { personId, content, topic, at } = event.data;
      return {
        item_id: id,
        person_id: personId,
        app_id: hubItself,
        binding_id: hubItself,
        place: String(position),
        content,
        ...threadless,
        level: null,
        reason: topic,
        pushed_at: at,
        filed_at: at,
        ...unmarked,
        ...unwatched,
      };
    }
    case 'inbox_item.read':
      return row && { ...row, read_at: event.data.at };
    case 'inbox_item.unread':
      return row && { ...row, read_at: null };
    case 'inbox_item.acknowledged':
      return row && { ...row, acknowledged_at: event.data.at };
    case 'inbox_item.archived':
      return row && { ...row, archived_at: event.data.at };
    case 'inbox_item.unarchived':
      return row && { ...row, archived_at: null };
    case 'inbox_item.kept':
      return row && { ...row, kept_at: event.data.at };
    case 'inbox_item.unkept':
      return row && { ...row, kept_at: null };
    case 'inbox_item.cleared':
      return row && { ...row, ...gone, reason: cleared, gone_at: event.data.at };
    case 'inbox_item.action-taken':
      return row && { ...row, actions_taken: [...(row.actions_taken ?? []), event.data.actionId] };
    case 'moderation.blocked':
    case 'moderation.rejected':
    case 'delivery.finished':
      // Nothing will be filed; that something has gone stays to be told.
      return row?.filed_at === null && row.change === null ? undefined : row;
    default:
      return row;
  }
}

/** Nothing will be filed after it. */
const ends = ({ type }: Event): boolean =>
  type === 'moderation.blocked' || type === 'moderation.rejected' || type === 'delivery.finished';

/** Notes where the log changed what its person sees, for those who watch the inbox. */
function changed(
  before: InboxRow | undefined,
  after: InboxRow | undefined,
  { event: { type }, position }: Recorded,
): InboxRow | undefined {
  if (!after || after === before) return after;
  const isShown = after.filed_at !== null;
  const wasShown = before !== undefined && before.filed_at !== null;
  if (!isShown && !wasShown) return after;
  const at = String(position);
  if (!wasShown) return { ...after, filed_position: at, changed_position: at, change: 'filed' };
  const { filed_position } = before;
  const isRead = type === 'inbox_item.read' || type === 'inbox_item.unread';
  const change = !isShown ? 'recalled' : isRead ? 'read' : 'updated';
  return { ...after, filed_position, changed_position: at, change };
}

const threadOf = (thread: FiledThread | undefined): Pick<InboxRow, keyof typeof threadless> =>
  thread === undefined
    ? threadless
    : { thread_id: thread.id, step_index: thread.step?.index ?? null, step_of: thread.step?.of ?? null };
