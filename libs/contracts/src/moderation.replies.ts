import { z } from 'zod';
import { caseEntry } from './complaints.replies';
import { isoTime, uuid } from './fields';
import { reviewStatus } from './moderation.requests';
import { pageReply, waitingCount } from './paging';
import { pushContent } from './push-content';

/**
 * A text that did not pass by itself, with what an operator needs to decide. Without its words once its person is
 * erased.
 */
export const heldView = z
  .strictObject({
    pushId: uuid,
    appId: uuid,
    appName: z.string(),
    status: reviewStatus,
    label: z.string().describe('Why it did not pass, as in `moderation.<label>`.'),
    ...pushContent.shape,
    body: z.string().optional().describe('Absent, like the other texts, once the person is erased.'),
    matched: z.array(z.string()).readonly().optional().describe('What the rules of today find in it.'),
    excerpts: z.array(z.string()).readonly().optional().describe('The parts where they find it, as written.'),
    edition: z
      .int()
      .min(1)
      .optional()
      .describe('Counts the changes that its sender made to the text. Name it to decide.'),
    heldAt: isoTime,
    history: z.array(caseEntry).readonly().describe('What the chain and operators said, oldest first.'),
  })
  .meta({ id: 'HeldText' });
export type HeldView = z.infer<typeof heldView>;
export const heldPage = pageReply(heldView).meta({ id: 'HeldTextPage' });

export const heldCount = z.strictObject({ waiting: waitingCount }).meta({ id: 'HeldTextCount' });
export type HeldCount = z.infer<typeof heldCount>;

/** What became of a held text. */
export const approveReply = z
  .strictObject({ pushId: uuid, status: z.literal('approved') })
  .meta({ id: 'ApprovedText' });
export type ApproveReply = z.infer<typeof approveReply>;
export const rejectReply = z.strictObject({ pushId: uuid, status: z.literal('rejected') }).meta({ id: 'RejectedText' });
export type RejectReply = z.infer<typeof rejectReply>;

/** By the local rules alone. `label`: why it would not pass, as in `moderation.<label>`. */
export const judgedContent = z.strictObject({
  verdict: z.enum(['passed', 'held', 'blocked']),
  label: z.string().optional(),
});
export type JudgedContent = z.infer<typeof judgedContent>;

/** In the order asked. Accept only texts that `passed`; a failed request is not a pass. */
export const judgedTexts = z.strictObject({
  verdicts: z
    .array(
      z.strictObject({
        field: z.string(),
        verdict: z.enum(['passed', 'held', 'blocked']),
        /** Why it did not pass, as in `moderation.<label>`. */
        label: z.string().optional(),
      }),
    )
    .readonly(),
});
export type JudgedTexts = z.infer<typeof judgedTexts>;
