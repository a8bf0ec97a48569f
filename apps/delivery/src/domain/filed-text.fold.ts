import { DeliveryEvent } from '@hark/contracts';
import { Fold } from '@hark/kernel';

/** A text in the inbox, sealed, and which of the push's texts it is: 0 for the first. */
export interface FiledText {
  readonly content: string;
  readonly edition: number;
}

/** The text of a push that its person sees; undefined before one was filed. */
export const filedTextFold: Fold<FiledText | undefined, DeliveryEvent> = {
  initial: undefined,
  evolve(text, event) {
    if (event.type !== 'delivery.filed' && event.type !== 'delivery.replaced') return text;
    const { content, edition = 0 } = event.data;
    return { content, edition };
  },
};
