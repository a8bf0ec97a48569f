import { Injectable } from '@nestjs/common';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Fired, FiredPushes } from './fired-pushes';

/**
 * Delivers scheduled pushes that were fired late: of a crowd that was due at once, or after an outage. Has its own slots and
 * gives way, so that they delay neither what was just pushed nor what was fired on time.
 */
@Injectable()
export class DeliverFiredReactor implements Reactor<Fired> {
  readonly group = 'delivery.deliver-fired';
  readonly reactsTo = ['message.fired'];
  readonly concurrency = 32;
  readonly givesWay = 1;
  readonly spare = { processorsMax: 0.6, leastPerSecond: 20, mostPerSecond: 1_000 };
  /** Few, so that each has its turn soon enough when one a while is taken. */
  readonly waitingMax = 32;

  constructor(private readonly fired: FiredPushes) {}

  concerns({ event }: RecordedEvent<Fired>): boolean {
    return !event.data.onTime;
  }

  ownerOf(recorded: RecordedEvent<Fired>): string {
    return this.fired.ownerOf(recorded);
  }

  react(recorded: RecordedEvent<Fired>): Promise<void> {
    return this.fired.deliver(recorded);
  }
}
