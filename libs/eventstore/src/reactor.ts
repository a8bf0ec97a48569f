import { DomainEvent } from '@hark/kernel';
import type { SpareLimits } from '@hark/resilience';
import { RecordedEvent } from './recorded-event';

/**
 * Acts on events. They come at least once, in any order, several at a time: the effect must carry the event's id as its
 * key, and decisions must come from streams, never from a read model.
 *
 * Resolving acknowledges the event. Throwing `unavailable` (or a failure of the network or database) has it tried
 * again; any other error parks it for an operator.
 */
export interface Reactor<E extends DomainEvent = DomainEvent> {
  /** `<service>.<verb-phrase>`, stored. Another set of types needs another name: a group's filter cannot change. */
  readonly group: string;
  /** Event types, at least one. */
  readonly reactsTo: readonly string[];
  /** How many events at a time; 16 unless told. */
  readonly concurrency?: number;
  /** Gives way: takes fewer than `concurrency` at a time where others wait for the process's event loop, down to so many. */
  readonly givesWay?: number;
  /** Begins evenly, so often as these allow; as often as there is room unless told. What is at hand waits 10 s at the most. */
  readonly spare?: SpareLimits;
  /** How many events more may be at hand, waiting for their turn; as many as `concurrency` unless told. */
  readonly waitingMax?: number;
  /** Whether there is anything to do about it, by the event alone; where not, it is acknowledged at once. Of all unless told. */
  concerns?(recorded: RecordedEvent<E>): boolean;
  /** Whose event it is: of those at hand, everybody has one handled in turn. All are nobody's unless told. */
  ownerOf?(recorded: RecordedEvent<E>): string;
  react(recorded: RecordedEvent<E>): Promise<void>;
}
