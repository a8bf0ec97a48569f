/** `today 14:05`, `yesterday 9:12`, else the date; the year only where it is another one. In the reader's zone. */
export function whenText(
  at: Date,
  now: Date,
  language: string,
  days: { readonly today: string; readonly yesterday: string },
): string {
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return `${days.today} ${time}`;
  if (at.toDateString() === yesterday.toDateString()) return `${days.yesterday} ${time}`;
  const year = at.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const);
  const date = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', year }).format(at);
  return `${date} ${time}`;
}
