import type { ConsumerStrategy } from './consumer-strategy';
import type { Choice } from './message-queue';
import type { Reader } from './reader';

/** Each event goes to the next reader that has a free slot. */
export class RoundRobin implements ConsumerStrategy {
  private readonly readers: Reader[] = [];
  private next = 0;

  added(reader: Reader): void {
    this.readers.push(reader);
  }

  removed(reader: Reader): void {
    const at = this.readers.indexOf(reader);
    if (at < 0) return;
    this.readers.splice(at, 1);
    if (at < this.next) this.next -= 1;
  }

  choose(): Choice {
    const count = this.readers.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.next + step) % count;
      const reader = this.readers[at];
      if (reader?.canTake !== true) continue;
      this.next = (at + 1) % count;
      return reader;
    }
    return 'no-more-capacity';
  }

  released(): void {}
}
