import { z } from 'zod';
import { changesReply } from './changes';
import { isoTime, level, uuid } from './fields';
import { pageReply } from './paging';
import { localContent, step } from './push-content';

const marks = {
  acknowledgedAt: isoTime.optional().describe('When its person said that they know.'),
  archivedAt: isoTime.optional().describe('When its person put it away.'),
  keptAt: isoTime.optional().describe('When its person said that it is to be kept.'),
  actionsTaken: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('The ids of the actions that were pressed, in that order.'),
};

const threadState = z
  .strictObject({
    messages: z.int().min(1).describe('All of the thread that came, those put away too.'),
    unread: z.int().min(0).describe('Without those put away.'),
    step: step.optional().describe('The furthest step that has come, whatever came after it.'),
    steps: z
      .array(
        z.strictObject({ index: step.shape.index, label: step.shape.label, inboxItemId: uuid, receivedAt: isoTime }),
      )
      .readonly()
      .optional()
      .describe('The line of steps: the newest message of each step that has come, the first step first.'),
  })
  .meta({ id: 'ThreadState' });
/** Where a thread of one app stands for its person. */
export type ThreadState = z.infer<typeof threadState>;

export const channelOutcome = z
  .strictObject({
    endpointId: uuid,
    channel: z.string().describe('Its kind, as in `/v1/endpoint-kinds`.'),
    outcome: z
      .enum(['sent', 'failed', 'unknown', 'suppressed', 'waiting', 'standby'])
      .describe(
        '`sent`: the channel took it. `unknown`: it was sent and no answer came. `suppressed`: the person wanted no more of it by then. `waiting`: another try follows. `standby`: only if those before it in turn do not take it.',
      ),
  })
  .meta({ id: 'ChannelOutcome' });
/** What became of a message at one of its person's channels. */
export type ChannelOutcome = z.infer<typeof channelOutcome>;

export const inboxItemView = z
  .strictObject({
    id: uuid,
    pushId: uuid.optional().describe('Absent for a notice of the hub itself, which no app pushed.'),
    app: z
      .strictObject({
        id: z.string(),
        name: z.string(),
        verified: z.boolean().describe('Whether the app has been proven to be who its name says.'),
      })
      .describe('The hub itself has the nil UUID and the name Hark.'),
    bindingId: uuid.optional().describe('Absent for a notice of the hub itself: it needs no consent.'),
    ...localContent.shape,
    body: z.string().describe('In the words for the reader’s language. Empty once the person is erased.'),
    pushedAt: isoTime.describe('When the app sent it; long before `receivedAt` when a person had to approve it first.'),
    receivedAt: isoTime.describe('When it came into the inbox.'),
    editedAt: isoTime.optional().describe('When its sender last changed the text that is shown.'),
    readAt: isoTime.optional(),
    ...marks,
    threadState: threadState.optional().describe('Only with `?folded=true`.'),
    why: z
      .strictObject({
        level: level.optional(),
        reason: z.string(),
        until: isoTime.optional().describe('Of one message alone: nothing rings before that time.'),
        channels: z.array(channelOutcome).readonly().optional().describe('Of one message alone: where it was sent to.'),
      })
      .describe("Why it came the way it came: the level then in force and the gate's reason."),
  })
  .meta({ id: 'InboxItem' });
export type InboxItemView = z.infer<typeof inboxItemView>;

export const inboxChanges = changesReply('InboxChange', {
  filed: inboxItemView.describe('It came.'),
  updated: inboxItemView.describe('Its text, its marks or its thread changed.'),
  read: inboxItemView.describe('It was marked as read or as unread.'),
  recalled: z
    .strictObject({ id: uuid })
    .describe('It is gone: taken back by its sender, or older than its person keeps messages.'),
  reset: z
    .strictObject({})
    .describe(
      'Begin anew, with the list: the position is older than what is known of messages that have gone, which is thirty days at least.',
    ),
});
export type InboxChanges = z.infer<typeof inboxChanges>;

/** The state of a message after it was marked. */
export const inboxItemMark = z
  .strictObject({ id: uuid, readAt: isoTime.optional(), ...marks })
  .meta({ id: 'InboxItemMark' });
export type InboxItemMark = z.infer<typeof inboxItemMark>;

export const readAllReply = z
  .strictObject({
    read: z.int().min(0).describe('Marked by this call.'),
    unread: z.int().min(0).describe('Left: more were unread than one call marks. Ask again until there are none.'),
  })
  .meta({ id: 'ReadAll' });
export type ReadAllReply = z.infer<typeof readAllReply>;

export const markManyReply = z
  .strictObject({
    marked: z.int().min(0).describe('How many it was done to; to those that were so already, nothing was done.'),
    left: z
      .int()
      .min(0)
      .describe('With `where`: how many more there are than one call marks, 200. Ask again until there are none.'),
    unknown: z.array(uuid).readonly().optional().describe('Those of `ids` that are no messages of the person.'),
  })
  .meta({ id: 'MarkMany' });
export type MarkManyReply = z.infer<typeof markManyReply>;

export const unreadReply = z
  .strictObject({
    unread: z.int().min(0).describe('All unread messages, without those put away.'),
    apps: z
      .array(z.strictObject({ appId: z.string(), unread: z.int().min(1) }))
      .readonly()
      .describe('Of each app with some, the most first, at most 200; the hub itself has the nil UUID.'),
  })
  .meta({ id: 'Unread' });
export type UnreadReply = z.infer<typeof unreadReply>;

export const creditsReply = z
  .strictObject({
    credits: z.int().min(0).describe('How many reminders WeChat still lets the hub send, by its own count.'),
  })
  .meta({ id: 'Credits' });
export type CreditsReply = z.infer<typeof creditsReply>;

/** What WeChat reads as that its push was taken, or the text by which it checks the address. */
export const wechatAnswer = z.string().max(256).meta({ id: 'WechatAnswer' });

/** What became of a test message, in one of three words and no more: it must not tell what a server answered. */
export const endpointTestReply = z
  .strictObject({
    outcome: z
      .enum(['ok', 'refused', 'unreachable'])
      .describe('`ok`: taken. `refused`: not taken, and another try would not help. `unreachable`: no answer in time.'),
    detail: z.string().describe("What the outcome means, in the reader's language."),
  })
  .meta({ id: 'EndpointTest' });
export type EndpointTestReply = z.infer<typeof endpointTestReply>;

export const inboxPage = pageReply(inboxItemView)
  .extend({ unread: z.int().min(0).describe('All unread messages of the person.') })
  .meta({ id: 'InboxPage' });
export type InboxPage = z.infer<typeof inboxPage>;
