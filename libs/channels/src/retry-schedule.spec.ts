import { plusMs } from '@hark/kernel';
import { SendResult } from './channel';
import { retryTime } from './retry-schedule';

const noon = '2026-11-22T12:00:00.000Z';
const day = 86_400_000;
const failed = (failureClass: string, more: object = {}) =>
  ({ is: 'failed', class: failureClass, detail: '', ...more }) as Exclude<SendResult, { is: 'sent' }>;
const unknown = { is: 'unknown', detail: '' } as const;

/** Minutes from each try to the next, as long as there is one. */
function waitsOf(result: Exclude<SendResult, { is: 'sent' }>, lifeMs = day, repeatable = true, random = () => 0) {
  const until = plusMs(noon, lifeMs);
  const waits: number[] = [];
  for (let at = noon; ;) {
    const next = retryTime(result, { tries: waits.length + 1, at, until, repeatable }, random);
    if (next === undefined) return waits;
    waits.push((Date.parse(next) - Date.parse(at)) / 60_000);
    at = next;
  }
}

describe('the schedule of tries', () => {
  const hourly = (waits: number[]) => new Set(waits.slice(2)).size === 1 && waits[2] === 60;

  it.each([
    ['a greylisting', failed('TRANSIENT', { retryAfterMs: 300_000 })],
    ['a throttling', failed('THROTTLED')],
    ['a daily quota', failed('QUOTA_DAY')],
    ['a refusal of the hub itself', failed('CONFIG', { reason: 'hub-refused' })],
  ])('after %s is 5 min, 30 min, then hourly for as long as there is time', (_, result) => {
    const waits = waitsOf(result);
    expect(waits.slice(0, 2)).toEqual([5, 30]);
    expect(hourly(waits)).toBe(true);
    expect(waits).toHaveLength(2 + 23);
  });

  it('after a hiccup begins with a try more, soon', () =>
    expect(waitsOf(failed('TRANSIENT')).slice(0, 5)).toEqual([5 / 60, 5, 30, 60, 60]));

  it('waits longer when the server asks for it, but not for ever', () => {
    expect(waitsOf(failed('THROTTLED', { retryAfterMs: 20 * 60_000 })).slice(0, 3)).toEqual([20, 30, 60]);
    expect(waitsOf(failed('THROTTLED', { retryAfterMs: 10 ** 12 }))[0]).toBe(6 * 60);
  });

  it('adds at most a tenth, so that what was refused together does not come back together', () => {
    const [least] = waitsOf(failed('THROTTLED'), day, true, () => 0);
    const [most] = waitsOf(failed('THROTTLED'), day, true, () => 0.999);
    expect([least, Math.round(most! * 100) / 100]).toEqual([5, 5.5]);
  });

  it('after finding no room is short, and soon longer', () =>
    expect(waitsOf(failed('THROTTLED', { putOff: true })).slice(0, 7)).toEqual(
      [1, 2, 5, 15, 60, 300, 300].map((s) => s / 60),
    ));

  it('ends with the life of what is sent', () => {
    expect(waitsOf(failed('THROTTLED'), 15 * 60_000)).toEqual([5]);
    expect(waitsOf(failed('TRANSIENT'), 15 * 60_000)).toEqual([5 / 60, 5]);
  });

  it.each(['BAD_REQUEST', 'RECIPIENT_GONE', 'RECIPIENT_REFUSED', 'CONFIG'])('has nothing for %s', (failureClass) =>
    expect(waitsOf(failed(failureClass))).toEqual([]),
  );

  it('tries an unknown outcome again only where a second copy cannot arrive', () => {
    expect(waitsOf(unknown, day, false)).toEqual([]);
    expect(waitsOf(unknown)[0]).toBe(5 / 60);
  });
});
