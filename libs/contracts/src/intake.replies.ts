import { z } from 'zod';
import { changesReply } from './changes';
import { isoTime, uuid } from './fields';
import { priority } from './intake.events';
import { judgedContent } from './moderation.replies';
import { pageReply } from './paging';

export const pushReply = z
  .strictObject({ id: uuid, status: z.enum(['accepted', 'scheduled']) })
  .meta({ id: 'AcceptedPush' });
export type PushReply = z.infer<typeof pushReply>;

const pushError = z.strictObject({
  kind: z.enum(['invalid', 'refused', 'not-found', 'conflict', 'unavailable']),
  code: z.string(),
  extra: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
});

/** For each push of the request, in order, what a request of its own would have been answered. */
export const pushBatchReply = z.strictObject({
  results: z.array(z.union([pushReply, z.strictObject({ error: pushError })])).readonly(),
});
export type PushBatchReply = z.infer<typeof pushBatchReply>;

const reason = z
  .string()
  .optional()
  .describe('A stable word, such as `muted`, `weak`, `no-channel` or `moderation.<label>`.');
const reasonText = z.string().optional().describe('What the reason means, in words for people.');

const previewed = {
  decision: z
    .enum(['refuse', 'hold', 'file-only', 'defer', 'deliver'])
    .describe('`file-only`: it would be in the inbox and ring nowhere. `defer`: it would ring at `until`.'),
  reason,
  reasonText,
  until: isoTime.optional(),
  channels: z.array(z.string()).readonly().optional().describe('The kinds of channels it would go through.'),
  priority: priority.optional().describe('How loud: `critical` only where the person allowed it, else `high`.'),
};
const previewedReminder = z.strictObject({ at: isoTime, ...previewed });
export type PreviewedReminder = z.infer<typeof previewedReminder>;

const previewedRecipient = z.strictObject({
  openid: z.string(),
  at: isoTime.optional().describe('Of whom it goes to next: when, unless somebody has acknowledged it by then.'),
  ...previewed,
  reminders: z
    .array(previewedReminder)
    .readonly()
    .optional()
    .describe('When it would be said again, unless it is acknowledged before; none follows one that is refused.'),
});
export type PreviewedRecipient = z.infer<typeof previewedRecipient>;

export const pushPreview = z
  .strictObject({
    at: isoTime.describe('When it would be sent, which is when this would be decided.'),
    moderation: judgedContent.describe('By the local rules. WeChat is not asked, and may still hold the text.'),
    recipients: z.array(previewedRecipient).readonly().describe('Empty once the person is erased.'),
  })
  .meta({ id: 'PushPreview' });
export type PushPreview = z.infer<typeof pushPreview>;

export const pushStatus = z.enum([
  'scheduled',
  'accepted',
  'moderating',
  'held',
  'blocked',
  'filed',
  'delivering',
  'delivered',
  'inbox-only',
  'failed',
  'suppressed',
  'recalled',
  'expired',
]);
export type PushStatus = z.infer<typeof pushStatus>;

/** One line of a push's story. */
export const timelineEntry = z
  .strictObject({
    event: z.string(),
    at: isoTime,
    channel: z.string().optional(),
    detail: z.string().optional(),
    text: z.string().optional().describe('What happened and why, in words for people.'),
    sendAt: isoTime.optional().describe('Of what was scheduled: when it is sent, at the earliest.'),
    retryAt: isoTime.optional().describe('Of what was put off: when it is tried again, at the earliest.'),
  })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntry>;

const outcome = { id: uuid, status: pushStatus, reason, reasonText };
const recipients = z
  .array(z.strictObject({ openid: z.string(), status: pushStatus, reason }))
  .readonly()
  .describe('Empty once the person is erased.');

export const pushView = z
  .strictObject({
    ...outcome,
    timeline: z.array(timelineEntry).readonly().describe('Oldest first.'),
    recipients,
  })
  .meta({ id: 'Push' });
export type PushView = z.infer<typeof pushView>;

export const pushSummary = z
  .strictObject({
    ...outcome,
    pushedAt: isoTime.describe('When it was accepted.'),
    sendAt: isoTime.optional().describe('When it is sent, or was to be, at the earliest.'),
    recipients,
  })
  .meta({ id: 'PushSummary' });
export type PushSummary = z.infer<typeof pushSummary>;

export const pushChanges = changesReply('PushChange', {
  status: pushSummary.describe('The push as it is now; it was accepted, or something became of it.'),
});
export type PushChanges = z.infer<typeof pushChanges>;

export const pushPage = pageReply(pushSummary).meta({ id: 'PushPage' });

/** What an app pushed, for operators: no text, and nobody's name. */
export const toldPushes = z.strictObject({
  pushes: z.int().min(0).describe('Of the window, the latest 100,000.'),
  recipients: z.int().min(0).describe('To how many bindings they went.'),
  latest: z
    .array(z.strictObject({ ...outcome, pushedAt: isoTime }))
    .max(20)
    .readonly()
    .describe('The latest, newest first, whenever they were.'),
});
export type ToldPushes = z.infer<typeof toldPushes>;
