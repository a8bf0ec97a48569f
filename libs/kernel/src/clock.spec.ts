import * as fc from 'fast-check';
import { plusMs } from './clock';
import { FixedClock } from './fixed-clock';
import { SystemClock } from './system-clock';

describe('the clock', () => {
  it('tells the present in UTC with milliseconds', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(now)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(now)).toBeLessThanOrEqual(Date.now());
  });

  it('for tests stands still until it is moved', () => {
    const clock = new FixedClock('2026-11-22T09:00:00.000Z');
    expect([clock.now(), clock.now()]).toEqual(['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:00.000Z']);
    clock.moveTo('2026-11-22T10:00:00.000Z');
    expect(clock.now()).toBe('2026-11-22T10:00:00.000Z');
  });
});

describe('a time later', () => {
  it.each([
    ['2026-11-22T09:00:00.000Z', 1, '2026-11-22T09:00:00.001Z'],
    ['2026-12-31T23:59:59.999Z', 1, '2027-01-01T00:00:00.000Z'],
    ['2028-02-28T12:00:00.000Z', 86_400_000, '2028-02-29T12:00:00.000Z'],
    ['2026-11-22T09:00:00.000Z', -3_600_000, '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T17:00:00.000+08:00', 0, '2026-11-22T09:00:00.000Z'],
  ])('than %s by %i ms is %s', (time, ms, later) => expect(plusMs(time, ms)).toBe(later));

  it('comes later as text too', () => {
    const date = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
    const span = fc.integer({ min: 1, max: 10 ** 10 });
    fc.assert(
      fc.property(date, span, (from, ms) => {
        const time = from.toISOString();
        expect(plusMs(time, ms) > time).toBe(true);
        expect(plusMs(plusMs(time, ms), -ms)).toBe(time);
      }),
    );
  });
});
