import { z } from 'zod';
import { line, text, uuid } from './fields';
import { page } from './paging';
import { pushContent } from './push-content';

export const moderationSubjects = {
  listHeld: 'moderation.list-held',
  countHeld: 'moderation.count-held',
  approve: 'moderation.approve',
  reject: 'moderation.reject',
  judgeTexts: 'moderation.judge-texts',
  judgeContent: 'moderation.judge-content',
} as const;

/** Without a status: the held ones. */
export const reviewStatus = z.enum(['held', 'approved', 'rejected', 'blocked']);
export const listHeldRequest = z.strictObject({ ...page, status: reviewStatus.optional() });
export const heldDecisionRequest = z.strictObject({
  pushId: uuid,
  note: line(500).optional(),
  edition: z.int().min(0).optional().describe('Of the text that was seen. Needed once its sender has changed it.'),
});

/** Texts that are not pushes, such as an app's name and description. Services ask before they accept them. */
export const judgeTextsRequest = z.strictObject({
  texts: z
    .array(z.strictObject({ field: line(100), text: text(10_000) }))
    .min(1)
    .max(20),
});

/** What a push would say, which nobody has sent. */
export const judgeContentRequest = z.strictObject({ content: pushContent });
