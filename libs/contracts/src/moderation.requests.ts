import { z } from 'zod';
import { line, text, uuid } from './fields';
import { page } from './auth.requests';

export const moderationSubjects = {
  listHeld: 'moderation.list-held',
  approve: 'moderation.approve',
  reject: 'moderation.reject',
  judgeTexts: 'moderation.judge-texts',
} as const;

export const listHeldRequest = z.strictObject(page);
export const reviewRequest = z.strictObject({ pushId: uuid, note: line(500).optional() });
export interface HeldView {
  readonly pushId: string;
  readonly appId: string;
  readonly label: string;
  readonly title?: string;
  readonly body?: string;
  readonly heldAt: string;
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
