import { Injectable } from '@nestjs/common';
import { DeliveryEvent, PushedEvent } from '@hark/contracts';
import { EventStore, StateCache } from '@hark/eventstore';
import { messageFold, Pushed } from '@hark/gate';
import { Fold, IsoTime } from '@hark/kernel';

export type Filed = Extract<DeliveryEvent, { type: 'delivery.filed' }>['data'];

/** A message as it was filed, and the texts that took its place, oldest first. */
interface Shown {
  readonly filed: Filed;
  readonly texts: readonly { readonly content: string; readonly at: IsoTime }[];
}

const shownFold: Fold<Shown | undefined, DeliveryEvent> = {
  initial: undefined,
  evolve(shown, event) {
    if (event.type === 'delivery.filed') return { filed: event.data, texts: [] };
    return shown && event.type === 'delivery.replaced' ? { ...shown, texts: [...shown.texts, event.data] } : shown;
  },
};

/** The filed messages, read from the delivery's own stream. */
@Injectable()
export class PushesStore {
  private readonly deliveries: StateCache<Shown | undefined>;
  private readonly messages: StateCache<Pushed | undefined>;

  constructor(store: EventStore) {
    this.deliveries = store.streams('delivery', shownFold, { entriesMax: 1 });
    this.messages = store.streams('message', messageFold, { entriesMax: 1 });
  }

  /** The message with the text that its person saw at that time, or see now; `undefined` when none was filed. */
  async filed(pushId: string, at?: IsoTime): Promise<Filed | undefined> {
    const { state: shown } = await this.deliveries.get(pushId);
    if (!shown) return undefined;
    const text = shown.texts.findLast((one) => at === undefined || one.at <= at);
    return text ? { ...shown.filed, content: text.content } : shown.filed;
  }

  /** Which credential sent it; undefined where that was not recorded. */
  async sender(pushId: string): Promise<Pick<PushedEvent['data'], 'sentBy' | 'appKnowsKey'>> {
    const { sentBy, appKnowsKey } = (await this.messages.get(pushId)).state ?? {};
    return { ...(sentBy !== undefined && { sentBy }), ...(appKnowsKey !== undefined && { appKnowsKey }) };
  }
}
