import { DeliveryEvent } from '@hark/contracts';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { BackOff, isTransient, retry } from '@hark/resilience';
import { DeliveryStore } from '../delivery.store';
import { Delivery, DeliveryCommand } from '../domain/delivery.decider';

const firstWaitMs = 50;
const longestWaitMs = 1_000;

/**
 * The delivery's stream as one run of the reactor writes it. A short outage of the store is waited out here: bytes that
 * have left cannot be called back, and an end that is not written down makes the next run send them again.
 */
export class DeliveryLog {
  /** `context.commandId` is this run's own: two runs must never share event ids, for what they write differs. */
  constructor(
    private readonly deliveries: DeliveryStore,
    readonly pushId: string,
    private readonly context: CommandContext,
    private readonly giveUpAtMs: number,
  ) {}

  /** Carries out one step; `step` names it, uniquely in this run. Throws `unavailable` when the patience is used up. */
  async write(step: string, command: DeliveryCommand): Promise<Executed<Delivery, DeliveryEvent>> {
    const backOff = new BackOff(firstWaitMs, longestWaitMs);
    const execute = () => this.deliveries.execute(this.pushId, command, stepContext(this.context, step));
    try {
      return await retry(execute, { backOff, giveUpAtMs: this.giveUpAtMs, isTransient });
    } catch (error) {
      if (!(error instanceof HarkError) || error.code !== 'eventstore.lost-race') throw error;
      // Parked it would never end; it was only somebody else writing at the same time.
      throw new HarkError('unavailable', 'delivery.contended', 'others write the same delivery');
    }
  }
}
