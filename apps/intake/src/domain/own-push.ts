import { HarkError } from '@hark/kernel';
import { Message } from './message.decider';

type Known = Exclude<Message, { is: 'absent' }>;

/** The push, where it is the sender's: of its app, and with a binding's key of that binding. Otherwise `push.unknown`. */
export function ownPush(
  { appId, binding }: { readonly appId: string; readonly binding?: { readonly id: string } },
  message: Message,
): Known {
  const isOwn = message.is !== 'absent' && message.appId === appId && (!binding || binding.id === message.bindingId);
  if (isOwn) return message;
  throw new HarkError('not-found', 'push.unknown', 'the app has no such push');
}
