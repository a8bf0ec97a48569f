import { z } from 'zod';
import type { CaseEntry } from './complaints.requests';
import { line, text, uuid } from './fields';
import { page } from './paging';

export const moderationSubjects = {
  listHeld: 'moderation.list-held',
  approve: 'moderation.approve',
  reject: 'moderation.reject',
  judgeTexts: 'moderation.judge-texts',
} as const;

/** Held ones unless another status is named. */
export const reviewStatus = z.enum(['held', 'approved', 'rejected', 'blocked']);
export const listHeldRequest = z.strictObject({ ...page, status: reviewStatus.optional() });
export const heldDecisionRequest = z.strictObject({ pushId: uuid, note: line(500).optional() });
/** A text that did not pass by itself, with what a person needs to decide. Without its words once their person is erased. */
export interface HeldView {
  readonly pushId: string;
  readonly appId: string;
  readonly appName: string;
  readonly status: z.infer<typeof reviewStatus>;
  readonly label: string;
  readonly title?: string;
  readonly body?: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  /** What the rules of today find in it. Shown to operators only. */
  readonly matched?: readonly string[];
  readonly heldAt: string;
  /** What the chain and operators said, oldest first. */
  readonly history: readonly CaseEntry[];
}

/** Texts that are no push, such as an app's name and description: asked by services before they take them. */
export const judgeTextsRequest = z.strictObject({
  texts: z
    .array(z.strictObject({ field: line(100), text: text(10_000) }))
    .min(1)
    .max(20),
});
/** In the order asked. Whoever asks takes what `passed` and nothing else; no answer is no `passed`. */
export interface JudgedTexts {
  readonly verdicts: readonly {
    readonly field: string;
    readonly verdict: 'passed' | 'held' | 'blocked';
    /** Why it did not pass, as in `moderation.<label>`. */
    readonly label?: string;
  }[];
}
