import type { Message } from './message';
import type { Reader } from './reader';

/** An event that a reader has and has not answered for. */
export interface Outstanding {
  readonly message: Message;
  readonly reader: Reader;
  readonly sentAtMs: number;
}

/**
 * What readers hold. Kept by delivery, not by event id: the same id may be in flight twice (two streams of `$all` can
 * carry it), and then each answer counts for one of them. All operations take constant time per event concerned.
 */
export class OutstandingMessages {
  /** In the order of delivery, which with one timeout for all is the order of expiry. */
  private readonly byDelivery = new Set<Outstanding>();
  private readonly byId = new Map<string, Outstanding[]>();

  get size(): number {
    return this.byDelivery.size;
  }

  add(outstanding: Outstanding): void {
    this.byDelivery.add(outstanding);
    const { id } = outstanding.message.original;
    const same = this.byId.get(id);
    if (same === undefined) this.byId.set(id, [outstanding]);
    else same.push(outstanding);
  }

  /** The delivery an answer is for: the oldest under this id, one of the answering reader's own first. */
  take(id: string, reader: Reader): Outstanding | undefined {
    const same = this.byId.get(id);
    const outstanding = same?.find((candidate) => candidate.reader === reader) ?? same?.[0];
    if (outstanding !== undefined) this.remove(outstanding);
    return outstanding;
  }

  /** Takes out what was delivered at or before `sentBeforeMs`, oldest first. */
  takeExpired(sentBeforeMs: number): Outstanding[] {
    const expired: Outstanding[] = [];
    for (const outstanding of this.byDelivery) {
      if (outstanding.sentAtMs > sentBeforeMs) break;
      expired.push(outstanding);
    }
    for (const outstanding of expired) this.remove(outstanding);
    return expired;
  }

  /** Takes out all that one reader holds. */
  takeOf(reader: Reader): Outstanding[] {
    const held = [...this.byDelivery].filter((outstanding) => outstanding.reader === reader);
    for (const outstanding of held) this.remove(outstanding);
    return held;
  }

  private remove(outstanding: Outstanding): void {
    this.byDelivery.delete(outstanding);
    const { id } = outstanding.message.original;
    const rest = this.byId.get(id)?.filter((candidate) => candidate !== outstanding) ?? [];
    if (rest.length === 0) this.byId.delete(id);
    else this.byId.set(id, rest);
  }
}
