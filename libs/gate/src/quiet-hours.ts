import { Temporal } from 'temporal-polyfill';
import { QuietHours } from '@hark/contracts';
import { IsoTime } from '@hark/kernel';

/** The zone of people who chose none: that of those to whom the hub writes Chinese, as it does to who chose no language. */
export const defaultTimeZone = 'Asia/Shanghai';

/** Quiet at a moment. `until` is the end of all quiet hours that follow each other without a gap; `null`: they never end. */
export interface Quiet {
  readonly mode: 'defer' | 'inbox';
  readonly until: IsoTime | null;
}

/** Windows repeat by the week: what is quiet for longer than that is quiet for good. */
const endlessAfterMs = 8 * 24 * 3_600_000;
/** A window begins on the day of its name at the earliest and lasts a day; where a zone leaves out a day, that is two days ago. */
const daysBack = [0, 1, 2];

/**
 * Whether the person wants quiet at `now`; undefined when not. Where windows of both modes hold, `inbox` wins: it is the
 * quieter one. A window begins at the first moment that its zone calls by its time and ends at the last, so an hour that
 * comes twice is quiet once and whole; a time that the zone leaves out is as long after the jump as it would have been.
 * `zone` is IANA's name; one that is not known here counts as the default.
 */
export function quietAt(quietHours: QuietHours, zone: string | null, now: IsoTime): Quiet | undefined {
  if (quietHours.length === 0) return undefined;
  const nowMs = Date.parse(now);
  const timeZone = known(zone);
  const inForce = windowsAt(quietHours, timeZone, nowMs);
  if (inForce.length === 0) return undefined;
  const mode = inForce.some((one) => one.mode === 'inbox') ? 'inbox' : 'defer';
  let end = nowMs;
  for (let windows = inForce; windows.length > 0; windows = windowsAt(quietHours, timeZone, end)) {
    end = Math.max(...windows.map(({ endMs }) => endMs));
    if (end - nowMs > endlessAfterMs) return { mode, until: null };
  }
  return { mode, until: new Date(end).toISOString() };
}

/** The date at `now` where the person is, such as `2026-11-28`. */
export const dayAt = (zone: string | null, now: IsoTime): string =>
  Temporal.Instant.from(now).toZonedDateTimeISO(known(zone)).toPlainDate().toString();

/** The windows that hold at that moment, each with its end. A window that ends where it begins lasts a day. */
function windowsAt(quietHours: QuietHours, timeZone: string, atMs: number) {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  return daysBack.flatMap((days) => {
    const date = today.subtract({ days });
    return quietHours
      .filter((window) => window.days.includes(date.dayOfWeek))
      .map(({ from, to, mode }) => {
        const endDate = to > from ? date : date.add({ days: 1 });
        return {
          mode,
          startMs: momentOf(date, from, timeZone, 'compatible'),
          endMs: momentOf(endDate, to, timeZone, 'later'),
        };
      })
      .filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
  });
}

/** `compatible`: the first of two; `later`: the last. Both go past a gap (Temporal, "disambiguation"; RFC 5545 3.3.5). */
const momentOf = (date: Temporal.PlainDate, time: string, timeZone: string, which: 'compatible' | 'later'): number =>
  date.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone, { disambiguation: which })
    .epochMilliseconds;

/** The zone, or the default for one that is not known here. */
export function known(zone: string | null): string {
  if (zone === null) return defaultTimeZone;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    return defaultTimeZone; // stored by a release that knew more zones
  }
}
