import type { ConsumerStrategy } from './consumer-strategy';
import type { Choice } from './message-queue';
import type { Reader } from './reader';

/** The same reader gets everything until it is full, then the next one does. */
export class DispatchToSingle implements ConsumerStrategy {
  private readonly readers: Reader[] = [];
  private current = 0;

  added(reader: Reader): void {
    this.readers.push(reader);
  }

  removed(reader: Reader): void {
    const at = this.readers.indexOf(reader);
    if (at < 0) return;
    this.readers.splice(at, 1);
    if (at < this.current) this.current -= 1;
  }

  choose(): Choice {
    const count = this.readers.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.current + step) % count;
      const reader = this.readers[at];
      if (reader?.canTake !== true) continue;
      this.current = at;
      return reader;
    }
    return 'no-more-capacity';
  }

  released(): void {}
}
