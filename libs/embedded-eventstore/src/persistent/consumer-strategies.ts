import type { ConsumerStrategy } from './consumer-strategy';
import { correlationOf } from './correlation';
import { InTurn } from './in-turn';
import { Pinned } from './pinned';
import type { ConsumerStrategyName } from './settings';

/** A new strategy, without readers. */
export function consumerStrategy(name: ConsumerStrategyName): ConsumerStrategy {
  switch (name) {
    case 'DispatchToSingle':
      return new InTurn(true);
    case 'RoundRobin':
      return new InTurn(false);
    case 'Pinned':
      return new Pinned();
    case 'PinnedByCorrelation':
      return new Pinned(correlationOf);
  }
}
