import { PushReply } from '@hark/contracts';
import { Message } from './message.decider';

/** What a sender is told of a push that was just accepted. */
export const acceptedAs = (message: Message): PushReply['status'] =>
  message.is === 'pushed' && message.appointment ? 'scheduled' : 'accepted';
