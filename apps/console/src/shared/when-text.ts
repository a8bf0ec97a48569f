const kinds = {
  exact: { dateStyle: 'full', timeStyle: 'long' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'short', day: 'numeric' },
  dayOfYear: { month: 'short', day: 'numeric', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
/** Made once for each language: making one costs as much as drawing the row that it stands in, the first as much as ten. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(kind: keyof typeof kinds, language: string): Intl.DateTimeFormat {
  const key = `${kind} ${language}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(language, kinds[kind]);
  formats.set(key, made);
  return made;
}

/** `today 14:05`, `yesterday 9:12`, else the date; the year only where it is another one. In the reader's zone. */
export function whenText(
  at: Date,
  now: Date,
  language: string,
  days: { readonly today: string; readonly yesterday: string },
): string {
  const time = formatOf('time', language).format(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return `${days.today} ${time}`;
  if (at.toDateString() === yesterday.toDateString()) return `${days.yesterday} ${time}`;
  return `${formatOf(at.getFullYear() === now.getFullYear() ? 'day' : 'dayOfYear', language).format(at)} ${time}`;
}

/** The whole date and time, to the second, with its zone. */
export const exactTimeText = (at: Date, language: string): string => formatOf('exact', language).format(at);
