import { Injectable } from '@nestjs/common';
import { DeliveryEvent, MessageEvent } from '@hark/contracts';
import { EventStore } from '@hark/eventstore';

export type Filed = Extract<DeliveryEvent, { type: 'delivery.filed' }>['data'];

/** What was filed in whose inbox, read from the delivery's own stream. */
@Injectable()
export class PushesStore {
  constructor(private readonly store: EventStore) {}

  /** The message as it was filed; `undefined` when it was not. */
  async filed(pushId: string): Promise<Filed | undefined> {
    const events = (await this.store.read('delivery', pushId)).map(({ event }) => event as DeliveryEvent);
    return events.find((event) => event.type === 'delivery.filed')?.data;
  }

  /** Which credential sent it, as far as that was recorded. */
  async sender(pushId: string): Promise<Pick<MessageEvent['data'], 'sentBy' | 'appKnowsKey'>> {
    const [first] = await this.store.read('message', pushId);
    if (first?.event.type !== 'message.pushed') return {};
    const { sentBy, appKnowsKey } = (first.event as MessageEvent).data;
    return { ...(sentBy !== undefined && { sentBy }), ...(appKnowsKey !== undefined && { appKnowsKey }) };
  }
}
