import { Injectable } from '@nestjs/common';
import { Reactor, RecordedEvent } from '@hark/eventstore';
import { Fired, FiredPushes } from './fired-pushes';

/** Delivers scheduled pushes that were fired on time, so that no crowd that was due before them delays them. */
@Injectable()
export class DeliverOnTimeReactor implements Reactor<Fired> {
  readonly group = 'delivery.deliver-on-time';
  readonly reactsTo = ['message.fired'];
  readonly concurrency = 64;
  readonly givesWay = 2;
  /** Those of one second that are on time are delivered within it, and not all in its first moment. */
  readonly spare = { processorsMax: 0.9, leastPerSecond: 100, mostPerSecond: 200 };
  readonly waitingMax = 192;

  constructor(private readonly fired: FiredPushes) {}

  concerns({ event }: RecordedEvent<Fired>): boolean {
    return event.data.onTime === true;
  }

  ownerOf(recorded: RecordedEvent<Fired>): string {
    return this.fired.ownerOf(recorded);
  }

  react(recorded: RecordedEvent<Fired>): Promise<void> {
    return this.fired.deliver(recorded);
  }
}
