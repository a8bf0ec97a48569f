import type { Message } from './message';
import { MessageQueue } from './message-queue';

/** Events that are given out before any new one: retries in log order, replayed parked events behind one another. */
export class RetryQueue extends MessageQueue {
  /** A retry goes before the first event that comes later in the log; a replayed event goes to the end. */
  override add(message: Message): void {
    const { mark } = message;
    if (mark === undefined) {
      super.add(message);
      return;
    }
    for (let at = this.head; at < this.items.length; at += 1) {
      const other = this.items[at]?.mark;
      if (other === undefined || other.sequence < mark.sequence) continue;
      this.insert(at, message);
      return;
    }
    super.add(message);
  }
}
