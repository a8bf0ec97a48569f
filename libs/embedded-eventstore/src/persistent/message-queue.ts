import type { Message } from './message';
import type { Reader } from './reader';

/** A reader to take the event; `skipped` when only its own reader is full; `no-more-capacity` when all are. */
export type Choice = Reader | 'skipped' | 'no-more-capacity';

const compactAfter = 1_024;

/** Events waiting for a reader, first in first out, except that a strategy may skip some for now. */
export class MessageQueue {
  protected items: Message[] = [];
  protected head = 0;

  /** Payload of what waits. */
  bytes = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  add(message: Message): void {
    this.insert(this.items.length, message);
  }

  protected insert(at: number, message: Message): void {
    if (at === this.items.length) this.items.push(message);
    else this.items.splice(at, 0, message);
    this.bytes += payloadBytes(message);
  }

  /** Offers every event in order until there is no capacity; `false` then. Skipped ones stay, in their order. */
  giveOut(choose: (message: Message) => Choice, give: (message: Message, reader: Reader) => void): boolean {
    const skipped: Message[] = [];
    let capacity = true;
    while (this.head < this.items.length) {
      const message = this.items[this.head] as Message;
      const choice = choose(message);
      if (choice === 'no-more-capacity') {
        capacity = false;
        break;
      }
      this.head += 1;
      if (choice === 'skipped') {
        skipped.push(message);
        continue;
      }
      this.bytes -= payloadBytes(message);
      give(message, choice);
    }
    if (skipped.length > 0) this.items = [...skipped, ...this.items.slice(this.head)];
    else if (this.head === this.items.length) this.items = [];
    else if (this.head > compactAfter) this.items = this.items.slice(this.head);
    else return capacity;
    this.head = 0;
    return capacity;
  }
}

/** Data and metadata of the event and of its link. */
export const payloadBytes = ({ resolved: { event, link } }: Message): number =>
  (event === undefined ? 0 : event.data.length + event.metadata.length) +
  (link === undefined ? 0 : link.data.length + link.metadata.length);
