import { z } from 'zod';
import { line, text, uuid } from './fields';
import { queuePage } from './paging';
import { pushContent } from './push-content';

export const moderationSubjects = {
  listHeld: 'moderation.list-held',
  countHeld: 'moderation.count-held',
  approve: 'moderation.approve',
  reject: 'moderation.reject',
  getRules: 'moderation.get-rules',
  changeRules: 'moderation.change-rules',
  tryRules: 'moderation.try-rules',
  judgeTexts: 'moderation.judge-texts',
  judgeContent: 'moderation.judge-content',
} as const;

/** Without a status: the held ones. */
export const reviewStatus = z.enum(['held', 'approved', 'rejected', 'blocked']);
export const listHeldRequest = z.strictObject({ ...queuePage, status: reviewStatus.optional() });
export const heldDecisionRequest = z.strictObject({
  pushId: uuid,
  note: line(500).optional(),
  edition: z.int().min(0).optional().describe('Of the text that was seen. Needed once its sender has changed it.'),
});

/** Rules of operators, beside those that are built in. */
export const rulesMax = 1_000;
export const addedRule = z.strictObject({
  phrase: line(100, 2),
  kind: z.enum(['word', 'domain']),
  label: z.enum(['ads', 'fraud', 'porn', 'abuse', 'illegal', 'politics']),
  then: z
    .enum(['block', 'hold'])
    .describe('`block`: never delivered, where the word is telling enough · `hold`: an operator looks first'),
});
export type AddedRule = z.infer<typeof addedRule>;
/** Rules of words that count together, beside those that are built in. */
export const togetherRulesMax = 50;
export const togetherRule = z.strictObject({
  groups: z
    .array(z.array(line(100, 2)).min(1).max(20).readonly())
    .min(2)
    .max(4)
    .readonly()
    .describe('A text matches where one word of each group stands in it, close to each other.'),
  within: z.int().min(4).max(200).describe('In how many letters, digits and characters.'),
  label: addedRule.shape.label,
  then: addedRule.shape.then,
});
export type TogetherRule = z.infer<typeof togetherRule>;
/** All of them, whatever there was before. */
export const ruleEdits = z.strictObject({
  added: z.array(addedRule).max(rulesMax).readonly(),
  removed: z
    .array(line(100))
    .max(rulesMax)
    .readonly()
    .describe('Words and domains that are built in and no longer count.'),
  together: z
    .strictObject({
      added: z.array(togetherRule).max(togetherRulesMax).readonly(),
      removed: z
        .array(z.string().regex(/^[0-9a-f]{12}$/))
        .max(togetherRulesMax)
        .readonly()
        .describe('By their `id`.'),
    })
    .optional()
    .describe('Rules of words that count only together. Without it they stay as they are.'),
});
export type RuleEdits = z.infer<typeof ruleEdits>;
export const changeRulesRequest = ruleEdits.extend({
  seen: z.int().min(0).describe('The `changes` that were seen; another operator may have made more.'),
  note: line(500).optional(),
});
/** `cursor`: goes on where the last part ended. */
export const tryRulesRequest = ruleEdits.extend({ cursor: z.string().max(200).optional() });

/** Texts that are not pushes, such as an app's name and description. Services ask before they accept them. */
export const judgeTextsRequest = z.strictObject({
  texts: z
    .array(z.strictObject({ field: line(100), text: text(10_000) }))
    .min(1)
    .max(20),
});

/** What a push would say, which nobody has sent. */
export const judgeContentRequest = z.strictObject({ content: pushContent });
