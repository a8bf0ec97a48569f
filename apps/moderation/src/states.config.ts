import { foldedBy, StatesOf } from '@hark/service';
import { moderationDecider } from './domain/moderation.decider';
import { rulesDecider } from './domain/rules.decider';

/** What each stream of this service adds up to. */
export const states: StatesOf<'moderation'> = {
  moderation: foldedBy(moderationDecider),
  rules: foldedBy(rulesDecider),
};
