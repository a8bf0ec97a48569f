import { HarkError } from '@hark/kernel';

/** How many of one kind of slot each caller holds at the moment; whoever holds none takes no memory. */
export class CallerSlots {
  private readonly held = new Map<string, number>();

  constructor(private readonly slotsMax: number) {}

  /** Runs `work` in a slot of `caller`'s; `request.rate-limited` at once when all of theirs are taken. */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    const held = this.held.get(caller) ?? 0;
    if (held >= this.slotsMax) {
      throw new HarkError('refused', 'request.rate-limited', 'too many requests at once', { extra: { retryAfter: 1 } });
    }
    this.held.set(caller, held + 1);
    try {
      return await work();
    } finally {
      const left = this.held.get(caller)! - 1;
      if (left === 0) this.held.delete(caller);
      else this.held.set(caller, left);
    }
  }
}
