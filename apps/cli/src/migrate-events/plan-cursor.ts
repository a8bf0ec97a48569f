import type { CopiedEvent } from './copied-event';

/** Goes through the units of a plan, event by event or unit by unit. */
export class PlanCursor {
  private unit: readonly CopiedEvent[] = [];
  private next = 0;

  constructor(private readonly units: AsyncIterator<CopiedEvent[], void>) {}

  /** The next event, or `undefined` at the end. */
  async nextEvent(): Promise<CopiedEvent | undefined> {
    if (this.next >= this.unit.length) {
      this.unit = (await this.nextFromPlan()) ?? [];
      this.next = 0;
    }
    return this.unit[this.next++];
  }

  /** The rest of the unit that was begun, or the next one; `undefined` at the end. */
  async nextUnit(): Promise<readonly CopiedEvent[] | undefined> {
    const left = this.unit.slice(this.next);
    this.next = this.unit.length;
    return left.length > 0 ? left : this.nextFromPlan();
  }

  /** Stops reading the source. */
  async close(): Promise<void> {
    await this.units.return?.();
  }

  private async nextFromPlan(): Promise<CopiedEvent[] | undefined> {
    const result = await this.units.next();
    return result.done === true ? undefined : result.value;
  }
}
