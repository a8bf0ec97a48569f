import { DeliveryEvent, InboxItemEvent } from '@hark/contracts';
import { Fold } from '@hark/kernel';

/** The text of a push that is in its person's inbox, sealed for them, and which of its editions that is. */
export interface Filed {
  readonly edition: number;
  readonly content: string;
}

/** From the stream of its delivery; undefined before anything was filed. */
export const filedFold: Fold<Filed | undefined, DeliveryEvent> = {
  initial: undefined,
  evolve(filed, { type, data }) {
    if (type !== 'delivery.filed' && type !== 'delivery.replaced') return filed;
    return { edition: data.edition ?? 0, content: data.content };
  },
};

/** Whether somebody has said in an inbox that they know, or pressed a button. */
export const answeredFold: Fold<boolean, InboxItemEvent> = {
  initial: false,
  evolve: (is, { type }) => is || type === 'inbox_item.acknowledged' || type === 'inbox_item.action-taken',
};
