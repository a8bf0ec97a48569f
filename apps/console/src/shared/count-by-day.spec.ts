import { chartBegins, chartDays, countByDay } from './count-by-day';

const now = new Date(2026, 2, 10, 15, 0);
const at = (...[day, hour, minute]: [number, number, number]) => new Date(2026, 2, day, hour, minute).toISOString();

describe('what happened, by day', () => {
  it('is counted on the days of the reader, whatever came before the first left out', () => {
    const days = countByDay(
      [
        { at: at(10, 0, 0), name: 'delivered' },
        { at: at(10, 14, 59), name: 'delivered' },
        { at: at(9, 23, 59), name: 'blocked' },
        { at: new Date(2026, 0, 1).toISOString(), name: 'delivered' },
      ],
      now,
    );
    expect(days).toHaveLength(chartDays);
    expect(days.slice(-2).map(({ counts }) => counts)).toEqual([{ blocked: 1 }, { delivered: 2 }]);
    expect(days[0]!.date).toEqual(chartBegins(now));
  });
});
