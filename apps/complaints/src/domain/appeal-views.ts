import { AppealView, ComplaintView } from '@hark/contracts';
import { Appeal } from './complaint.decider';

/** Where an appeal stands, for everybody who may know of it. */
export const appealStepsOf = (appeal: Appeal): NonNullable<ComplaintView['appeal']> => ({
  status: appeal.is,
  appealedAt: appeal.appealed.at,
  ...(appeal.is !== 'open' && { decidedAt: appeal.decided.at }),
});

/** The same with the operator's answer, for the owner. */
export const appealViewOf = (appeal: Appeal): Omit<AppealView, 'penaltyId'> => ({
  ...appealStepsOf(appeal),
  ...(appeal.is !== 'open' && appeal.decided.note !== undefined && { answer: appeal.decided.note }),
});
