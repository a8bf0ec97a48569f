import { DeliveryEvent } from '@hark/contracts';
import { CommandContext, Executed, stepContext } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { BackOff, isTransient, retry } from '@hark/resilience';
import { DeliveryStore } from '../delivery.store';
import { Delivery, DeliveryCommand } from '../domain/delivery.decider';

const firstWaitMs = 50;
const longestWaitMs = 1_000;

/**
 * The delivery's stream as one run of the reactor writes it. Waits out a short outage of the store, because bytes that
 * have left cannot be called back, and a try whose end is not recorded is sent again by the next run.
 */
export class DeliveryLog {
  /** `context.commandId` must be this run's own: two runs write different events and must never share event ids. */
  constructor(
    private readonly deliveries: DeliveryStore,
    readonly pushId: string,
    private readonly context: CommandContext,
    private readonly giveUpAtMs: number,
  ) {}

  /**
   * Carries out one step; `step` must be unique within the run. With `assumeEmpty` the stream is not read first. Throws
   * `unavailable` when the patience is used up.
   */
  async write(
    step: string,
    command: DeliveryCommand,
    options: { readonly assumeEmpty?: boolean } = {},
  ): Promise<Executed<Delivery, DeliveryEvent>> {
    const backOff = new BackOff(firstWaitMs, longestWaitMs);
    const execute = () =>
      this.deliveries.execute(this.pushId, command, { ...stepContext(this.context, step), ...options });
    try {
      return await retry(execute, { backOff, giveUpAtMs: this.giveUpAtMs, isTransient });
    } catch (error) {
      if (!(error instanceof HarkError) || error.code !== 'eventstore.lost-race') throw error;
      // Only another writer at the same time. Parking the event for it would end its delivery unfinished.
      throw new HarkError('unavailable', 'delivery.contended', 'others write the same delivery');
    }
  }
}
