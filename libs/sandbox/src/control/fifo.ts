const compactAfter = 1_024;

/** A queue whose push and shift cost O(1) amortised, however long it is. Not bounded itself: its owner bounds it. */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Takes the oldest item, or undefined. */
  shift(): T | undefined {
    if (this.head === this.items.length) return undefined;
    const item = this.items[this.head];
    // Array.shift moves every later item; cutting the dead head off in one piece, seldom, does not.
    if (++this.head >= compactAfter && this.head * 2 >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  /** A copy, oldest first. */
  toArray(): T[] {
    return this.items.slice(this.head);
  }
}
