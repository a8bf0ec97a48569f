type Hours = {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly mode: 'defer' | 'inbox';
};
/** A stretch within one day (1 is Monday), in minutes since its midnight. */
export interface QuietSpan {
  readonly day: number;
  readonly from: number;
  readonly to: number;
  readonly mode: Hours['mode'];
}

const dayMinutes = 24 * 60;

/** Quiet hours cut at midnight: what begins at 22:00 and ends at 07:00 is on two days. What is not written to its end yet is left out. */
export function quietSpans(hours: readonly Hours[]): QuietSpan[] {
  return hours.flatMap(({ days, from: begins, to: ends, mode }) => {
    const [from, to] = [minutes(begins), minutes(ends)];
    if (from === undefined || to === undefined) return [];
    return days.flatMap((day) =>
      to > from
        ? [{ day, from, to, mode }]
        : [{ day, from, to: dayMinutes, mode }, ...(to > 0 ? [{ day: (day % 7) + 1, from: 0, to, mode }] : [])],
    );
  });
}

function minutes(time: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}
