import { foldedBy, StatesOf } from '@hark/service';
import { messageDecider } from './domain/message.decider';

/** What each stream of this service adds up to. */
export const states: StatesOf<'intake'> = { message: foldedBy(messageDecider) };
