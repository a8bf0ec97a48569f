import { Clock } from './clock';
import { IsoTime } from './decider';

/** A clock that stands still until it is moved: for tests. */
export class FixedClock extends Clock {
  constructor(private instant: IsoTime) {
    super();
  }

  now(): IsoTime {
    return this.instant;
  }

  moveTo(instant: IsoTime): void {
    this.instant = instant;
  }
}
