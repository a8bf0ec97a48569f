import { IsoTime } from '@hark/kernel';

/** How many of those that are due in one second may be on time; what comes behind them is a crowd, however soon it is fired. */
export const placesPerSecond = 64;
/** Nothing is on time for longer than a second or two; a clock that is set to and fro must not make this grow. */
const secondsMax = 8;

/**
 * The places of those that are delivered before a crowd: so many for each second that something is due in. Without a bound
 * a crowd's own first half second would be some hundreds of deliveries, just when it begins to be fired.
 */
export class OnTimePlaces {
  private readonly taken = new Map<string, number>();

  /** Takes a place among those due in the same second; false when there is none left. */
  take(dueAt: IsoTime): boolean {
    const second = dueAt.slice(0, 'YYYY-MM-DDTHH:mm:ss'.length);
    const taken = this.taken.get(second) ?? 0;
    if (taken >= placesPerSecond) return false;
    if (taken === 0 && this.taken.size >= secondsMax) this.taken.delete(this.taken.keys().next().value!);
    this.taken.set(second, taken + 1);
    return true;
  }
}
