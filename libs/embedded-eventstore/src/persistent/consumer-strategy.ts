import type { Message } from './message';
import type { Choice } from './message-queue';
import type { Reader } from './reader';

/** Chooses who gets an event. A chosen reader is given it; `released` follows when it no longer holds it. */
export interface ConsumerStrategy {
  added(reader: Reader): void;
  removed(reader: Reader): void;
  choose(message: Message): Choice;
  released(reader: Reader, message: Message): void;
}
