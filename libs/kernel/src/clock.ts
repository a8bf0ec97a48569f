import { IsoTime } from './decider';

/** Where handlers get the time. An abstract class, so that it is its own injection token. */
export abstract class Clock {
  /** The present instant. Wall-clock time: for display and schedules, never for durations. */
  abstract now(): IsoTime;
}

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): IsoTime {
    return new Date().toISOString();
  }
}

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

/** `time` plus `ms` milliseconds (negative goes back). */
export const plusMs = (time: IsoTime, ms: number): IsoTime => new Date(Date.parse(time) + ms).toISOString();
