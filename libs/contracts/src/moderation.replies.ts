import { z } from 'zod';
import { caseEntry } from './complaints.replies';
import { isoTime, uuid } from './fields';
import { reviewStatus, ruleEdits } from './moderation.requests';
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

/** The rules that texts are judged by. */
export const rulesView = z
  .strictObject({
    version: z.string().describe('As verdicts name it.'),
    changes: z.int().min(0).describe('How often operators changed them. Name it to change them.'),
    ...ruleEdits.shape,
    builtIn: z
      .array(
        z.strictObject({
          label: z.string(),
          then: z.enum(['block', 'hold']),
          words: z.array(z.string()).readonly(),
          domains: z.array(z.string()).readonly(),
          together: z.int().min(0).describe('How many rules of words that count together.'),
          togetherRules: z
            .array(
              z.strictObject({
                id: z.string(),
                groups: z.array(z.array(z.string()).readonly()).readonly(),
                within: z.int(),
              }),
            )
            .readonly()
            .describe('These rules. `id` names one to take it out, as long as it is the same.'),
        }),
      )
      .readonly(),
    history: z
      .array(z.strictObject({ at: isoTime, by: uuid, added: z.int(), removed: z.int(), remark: z.string().optional() }))
      .readonly()
      .describe('The latest 50 changes, newest first: how many there were after each.'),
  })
  .meta({ id: 'Rules' });
export type RulesView = z.infer<typeof rulesView>;

const count = z.int().min(0);
const localVerdict = z.strictObject({ verdict: z.enum(['passed', 'held', 'blocked']), label: z.string().optional() });
/** A part of what would change under other rules, by the rules alone: nothing is asked, stored or sent. */
export const rulesTrial = z
  .strictObject({
    version: z.string(),
    texts: count.describe('Read in this part.'),
    seen: count.describe('Read in all parts so far, 10,000 at most.'),
    changed: z.strictObject({
      blocked: count.describe('Would be blocked now.'),
      held: count.describe('Would be held now.'),
      eased: count.describe('Would be held and not blocked.'),
      released: count.describe('Would pass now.'),
    }),
    items: z
      .array(
        z.strictObject({
          pushId: uuid,
          appId: uuid.optional().describe('Absent of a text that its sender changed.'),
          edition: count,
          at: isoTime,
          before: localVerdict,
          after: localVerdict,
          excerpts: z
            .array(z.string())
            .readonly()
            .describe('What the rules find, with a few characters around it; digits are masked.'),
        }),
      )
      .max(50)
      .readonly()
      .describe('The first 50 of them in this part, newest first. That they were seen is recorded.'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'RulesTrial' });
export type RulesTrial = z.infer<typeof rulesTrial>;
