import { HarkError, IsoTime, plusMs } from '@hark/kernel';

/** How far ahead a push may be scheduled, in milliseconds. */
const aheadMaxMs = 366 * 24 * 3_600_000;
/** A sender's clock may be slow, and a request takes its time: `sendAt` so little ago means now. */
const lateMaxMs = 60_000;

/** When a push is to be sent, now where that is absent, and until when. */
export interface PushTimes {
  readonly sendAt?: IsoTime;
  readonly expiresAt?: IsoTime;
}

/** The times as they can be kept, or `request.invalid`. A `sendAt` that is just over is now. */
export function timesOf({ sendAt, expiresAt }: PushTimes, now: IsoTime): PushTimes {
  if (sendAt !== undefined && sendAt < plusMs(now, -lateMaxMs)) throw badTime('sendAt', 'must not be in the past');
  if (sendAt !== undefined && sendAt > plusMs(now, aheadMaxMs))
    throw badTime('sendAt', 'must be at most 366 days ahead');
  const isAhead = sendAt !== undefined && sendAt > now;
  if (expiresAt !== undefined && expiresAt <= (isAhead ? sendAt : now)) {
    throw badTime('expiresAt', isAhead ? 'must be after sendAt' : 'must not be in the past');
  }
  return { ...(isAhead && { sendAt }), ...(expiresAt !== undefined && { expiresAt }) };
}

const badTime = (path: string, message: string): HarkError =>
  new HarkError('invalid', 'request.invalid', 'the time of the push cannot be kept', { errors: [{ path, message }] });
