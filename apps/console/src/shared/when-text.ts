/** Made once for each language: making one costs as much as drawing the row that it stands in. */
const formats = new Map<string, Record<'exact' | 'time' | 'day' | 'dayOfYear', Intl.DateTimeFormat>>();

function formatsOf(language: string) {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options);
  const made = formats.get(language) ?? {
    exact: make({ dateStyle: 'full', timeStyle: 'long' }),
    time: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: make({ month: 'short', day: 'numeric' }),
    dayOfYear: make({ month: 'short', day: 'numeric', year: 'numeric' }),
  };
  formats.set(language, made);
  return made;
}

/** `today 14:05`, `yesterday 9:12`, else the date; the year only where it is another one. In the reader's zone. */
export function whenText(
  at: Date,
  now: Date,
  language: string,
  days: { readonly today: string; readonly yesterday: string },
): string {
  const { time: timeFormat, day, dayOfYear } = formatsOf(language);
  const time = timeFormat.format(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return `${days.today} ${time}`;
  if (at.toDateString() === yesterday.toDateString()) return `${days.yesterday} ${time}`;
  return `${(at.getFullYear() === now.getFullYear() ? day : dayOfYear).format(at)} ${time}`;
}

/** The whole date and time, to the second, with its zone. */
export const exactTimeText = (at: Date, language: string): string => formatsOf(language).exact.format(at);
