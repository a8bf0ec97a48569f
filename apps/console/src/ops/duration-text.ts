const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
/** Below so many of the smaller unit it is told in that one. */
const steps = [
  { unit: 'second', seconds: 1, below: 2 * minute },
  { unit: 'minute', seconds: minute, below: 2 * hour },
  { unit: 'hour', seconds: hour, below: 2 * day },
  { unit: 'day', seconds: day, below: Infinity },
] as const;

/** How long something takes, as people say it: `12.5 sec`, `6 min`, `3 hr`, `2 days`. */
export function durationText(seconds: number, language: string): string {
  const step = steps.find(({ below }) => seconds < below)!;
  const maximumFractionDigits = step.unit === 'second' ? 1 : 0;
  const format = { style: 'unit', unit: step.unit, unitDisplay: 'short', maximumFractionDigits } as const;
  return new Intl.NumberFormat(language, format).format(seconds / step.seconds);
}
