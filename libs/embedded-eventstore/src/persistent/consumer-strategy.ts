import { correlationOf } from './correlation';
import { DispatchToSingle } from './dispatch-to-single';
import type { Message } from './message';
import type { Choice } from './message-queue';
import { Pinned } from './pinned';
import type { Reader } from './reader';
import { RoundRobin } from './round-robin';
import type { ConsumerStrategyName } from './settings';

/** Chooses who gets an event. A chosen reader is given it; `released` follows when it no longer holds it. */
export interface ConsumerStrategy {
  added(reader: Reader): void;
  removed(reader: Reader): void;
  choose(message: Message): Choice;
  released(reader: Reader, message: Message): void;
}

export function consumerStrategy(name: ConsumerStrategyName): ConsumerStrategy {
  switch (name) {
    case 'DispatchToSingle':
      return new DispatchToSingle();
    case 'RoundRobin':
      return new RoundRobin();
    case 'Pinned':
      return new Pinned();
    case 'PinnedByCorrelation':
      return new Pinned(correlationOf);
  }
}
