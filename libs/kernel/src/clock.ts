import { IsoTime } from './decider';

/** Where handlers get the time. An abstract class, so that it is its own injection token. */
export abstract class Clock {
  /** The present instant. Wall-clock time: for display and schedules, never for durations. */
  abstract now(): IsoTime;
}

/** `time` plus `ms` milliseconds (negative goes back). */
export const plusMs = (time: IsoTime, ms: number): IsoTime => new Date(Date.parse(time) + ms).toISOString();
