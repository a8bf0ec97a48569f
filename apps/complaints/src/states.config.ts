import { standingFold } from '@hark/gate';
import { foldedBy, StatesOf } from '@hark/service';
import { complaintDecider } from './domain/complaint.decider';

/** What each stream of this service adds up to. A standing without the events that its decider keeps. */
export const states: StatesOf<'complaints'> = {
  complaint: foldedBy(complaintDecider),
  standing: foldedBy(standingFold),
};
