import { ModerationEvent } from '@hark/contracts';
import { Fold } from '@hark/kernel';

/** What moderation says of the text that it judged last. */
export interface Verdict {
  readonly contentHash: string;
  readonly isPassed: boolean;
}

/** The verdict on a push; undefined before there is one. */
export const verdictFold: Fold<Verdict | undefined, ModerationEvent> = {
  initial: undefined,

  evolve(verdict, { type, data: { contentHash } }) {
    if (type === 'moderation.deferred' || type === 'moderation.resumed') return verdict;
    return { contentHash, isPassed: type === 'moderation.passed' || type === 'moderation.approved' };
  },
};
