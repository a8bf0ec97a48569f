import type { Day } from './day-bars';

/** How many days a chart shows. */
export const chartDays = 30;

/** The last thirty days until `now`, oldest first, with what happened on each, counted by name. Older things count nowhere. */
export function countByDay(happened: readonly { readonly at: string; readonly name: string }[], now: Date): Day[] {
  const days = Array.from({ length: chartDays }, (_, ago) => {
    const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (chartDays - 1 - ago));
    const counts: Record<string, number> = {};
    return { date, counts };
  });
  const byDate = new Map(days.map((day) => [day.date.toDateString(), day.counts]));
  for (const { at, name } of happened) {
    const counts = byDate.get(new Date(at).toDateString());
    if (counts) counts[name] = (counts[name] ?? 0) + 1;
  }
  return days;
}

/** When the first day of such a chart begins. */
export function chartBegins(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - (chartDays - 1));
}
