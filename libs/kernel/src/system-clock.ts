import { Clock } from './clock';
import { IsoTime } from './decider';

/** The machine's clock. */
export class SystemClock extends Clock {
  now(): IsoTime {
    return new Date().toISOString();
  }
}
