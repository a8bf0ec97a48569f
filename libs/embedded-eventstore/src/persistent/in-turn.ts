import type { ConsumerStrategy } from './consumer-strategy';
import type { Choice } from './message-queue';
import type { Reader } from './reader';

/**
 * The readers in the order they came, asked in turn for a free slot. `staying`: the same one gets everything until it is
 * full (`DispatchToSingle`); otherwise each event goes to the next one (`RoundRobin`).
 */
export class InTurn implements ConsumerStrategy {
  private readonly readers: Reader[] = [];
  private first = 0;

  constructor(private readonly staying: boolean) {}

  added(reader: Reader): void {
    this.readers.push(reader);
  }

  removed(reader: Reader): void {
    const at = this.readers.indexOf(reader);
    if (at < 0) return;
    this.readers.splice(at, 1);
    if (at < this.first) this.first -= 1;
  }

  choose(): Choice {
    const count = this.readers.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.first + step) % count;
      const reader = this.readers[at];
      if (reader?.canTake !== true) continue;
      this.first = this.staying ? at : (at + 1) % count;
      return reader;
    }
    return 'no-more-capacity';
  }

  released(): void {}
}
