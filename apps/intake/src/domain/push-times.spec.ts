import { plusMs } from '@hark/kernel';
import { timesOf } from './push-times';

const dayMs = 24 * 3_600_000;
const refused = (path: string) =>
  expect.objectContaining({
    code: 'request.invalid',
    detail: { errors: [expect.objectContaining({ path })] },
  }) as Error;

describe('the times of a push', () => {
  it.each([
    ['a leap day', '2027-03-01T09:00:00.000Z', '2028-02-29T09:00:00.000Z'],
    ['the day after it, 366 days ahead', '2027-03-01T09:00:00.000Z', '2028-03-01T09:00:00.000Z'],
    ['the first moment of a year', '2026-12-31T23:59:59.500Z', '2027-01-01T00:00:00.000Z'],
  ])('may be %s', (_, now, sendAt) => expect(timesOf({ sendAt }, now)).toEqual({ sendAt }));

  it('are at most 366 days ahead, over a leap day and a year end alike', () => {
    for (const now of ['2027-03-01T09:00:00.000Z', '2026-12-31T23:59:59.999Z']) {
      expect(timesOf({ sendAt: plusMs(now, 366 * dayMs) }, now)).not.toEqual({});
      expect(() => timesOf({ sendAt: plusMs(now, 366 * dayMs + 1) }, now)).toThrow(refused('sendAt'));
    }
  });

  it('are now when they are just over, which a year end does not change', () => {
    const now = '2027-01-01T00:00:30.000Z';
    expect(timesOf({ sendAt: '2026-12-31T23:59:30.000Z' }, now)).toEqual({});
    expect(() => timesOf({ sendAt: '2026-12-31T23:59:29.999Z' }, now)).toThrow(refused('sendAt'));
  });

  it('end after they begin', () => {
    const now = '2027-01-01T00:00:00.000Z';
    const sendAt = plusMs(now, 1_000);
    expect(timesOf({ sendAt, expiresAt: plusMs(now, 1_001) }, now)).toEqual({ sendAt, expiresAt: plusMs(now, 1_001) });
    expect(() => timesOf({ sendAt, expiresAt: sendAt }, now)).toThrow(refused('expiresAt'));
    expect(() => timesOf({ expiresAt: now }, now)).toThrow(refused('expiresAt'));
  });
});
