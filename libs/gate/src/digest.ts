import { Temporal } from 'temporal-polyfill';
import { AppDigest } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';
import { known, quietAt } from './quiet-hours';
import { User } from './user.fold';

/** When the digest of a day rings for whom has not said. */
export const digestTime = '09:00';

/**
 * When what comes at `now` rings together with everything else until then, always later than `now`; null when it rings by
 * itself. It is the end of the full hour or the next time of the day where the person is, and after their quiet hours where
 * it would fall into them. Hours and days that a zone leaves out or has twice are as Temporal has them ("disambiguation").
 */
export function digestAt(
  digest: AppDigest | null,
  { timeZone, quietHours }: Pick<User, 'timeZone' | 'quietHours'>,
  now: IsoTime,
): IsoTime | null {
  if (digest === null || digest.every === 'never') return null;
  const here = Temporal.Instant.from(now).toZonedDateTimeISO(known(timeZone));
  const end = digest.every === 'hour' ? endOfHour(here) : nextAt(here, digest.at ?? digestTime);
  const at = new Date(end.epochMilliseconds).toISOString();
  return quietAt(quietHours, timeZone, at)?.until ?? at;
}

/** Whether both say the same. */
export const sameDigest = (one: AppDigest | null, other: AppDigest | null): boolean =>
  one?.every === other?.every && one?.at === other?.at;

function endOfHour(here: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  let end = here.round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 1 });
  // Where clocks go back by half an hour, the hour's beginning may lie before the jump.
  while (end.epochMilliseconds <= here.epochMilliseconds) end = end.add({ minutes: 30 });
  return end;
}

function nextAt(here: Temporal.ZonedDateTime, time: string): Temporal.ZonedDateTime {
  const on = (days: number) =>
    here
      .toPlainDate()
      .add({ days })
      .toPlainDateTime(Temporal.PlainTime.from(time))
      .toZonedDateTime(here.timeZoneId, { disambiguation: 'compatible' });
  const today = on(0);
  return today.epochMilliseconds > here.epochMilliseconds ? today : on(1);
}
