import { HarkError } from '@hark/kernel';

/** How many slots of one kind each caller holds now. A caller without any takes no memory. */
export class CallerSlots {
  private readonly held = new Map<string, number>();

  constructor(private readonly slotsMax: number) {}

  /** Runs `work` in a slot of `caller`; throws `request.rate-limited` at once when all of the caller's are taken. */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    const giveBack = this.take(caller);
    try {
      return await work();
    } finally {
      giveBack();
    }
  }

  /** Takes a slot of `caller`, to be given back once; throws likewise. */
  take(caller: string): () => void {
    const held = this.held.get(caller) ?? 0;
    if (held >= this.slotsMax) {
      throw new HarkError('refused', 'request.rate-limited', 'too many requests at once', { extra: { retryAfter: 1 } });
    }
    this.held.set(caller, held + 1);
    return () => {
      const left = this.held.get(caller)! - 1;
      if (left === 0) this.held.delete(caller);
      else this.held.set(caller, left);
    };
  }
}
